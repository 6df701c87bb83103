#include "brigade/core/plan/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>

namespace core = brigade::core;
using core::failure_policy;
using core::task_end;
using indices = std::vector<std::size_t>;
using skips = std::vector<core::schedule_effects::skip>;

namespace {

struct edge {
  const char* task;
  std::optional<failure_policy> if_failed = std::nullopt;
};

/// A plan with the subtasks `a`, `b`, `c` ... and these dependencies.
core::plan
plan_of(std::initializer_list<std::initializer_list<edge>> dependencies) {
  core::plan p;
  for (const auto& edges : dependencies) {
    core::subtask task;
    task.id = static_cast<char>('a' + p.tasks.size());
    for (const auto& e : edges)
      task.depends_on.push_back({e.task, e.if_failed});
    p.tasks.push_back(std::move(task));
  }
  return p;
}

core::schedule_rules rules(std::uint32_t parallel_max = 16,
                           failure_policy crew = failure_policy::skip) {
  return {parallel_max, crew, nullptr};
}

} // namespace

BOOST_AUTO_TEST_SUITE(schedule)

BOOST_AUTO_TEST_CASE(a_subtask_starts_once_its_own_dependencies_succeeded) {
  const auto p = plan_of({{}, {}, {{"a"}}, {{"a"}, {"b"}}});
  core::schedule s(p, rules());
  BOOST_TEST((s.start_ready() == indices{0, 1}));
  BOOST_TEST((s.start_ready() == indices{}));
  s.succeeded(0);
  // `b` is slow, which is nothing to `c`.
  BOOST_TEST((s.start_ready() == indices{2}));
  s.succeeded(1);
  BOOST_TEST((s.start_ready() == indices{3}));
  s.succeeded(2);
  BOOST_TEST(!s.all_terminal());
  s.succeeded(3);
  BOOST_TEST(s.all_terminal());
}

BOOST_AUTO_TEST_CASE(slots_are_given_in_plan_order) {
  const auto p = plan_of({{}, {{"a"}}, {}, {}});
  core::schedule s(p, rules(2));
  BOOST_TEST((s.start_ready() == indices{0, 2}));
  BOOST_TEST(s.running() == 2u);
  s.succeeded(0);
  // `b` became ready after `d` and stands before it in the plan.
  BOOST_TEST((s.start_ready() == indices{1}));
  s.succeeded(2);
  BOOST_TEST((s.start_ready() == indices{3}));
}

BOOST_AUTO_TEST_CASE(an_empty_plan_is_over_at_once) {
  core::schedule s(core::plan{}, rules());
  BOOST_TEST(s.all_terminal());
  BOOST_TEST(s.start_ready().empty());
}

BOOST_AUTO_TEST_CASE(a_failure_skips_dependants_and_theirs) {
  const auto p = plan_of({{}, {{"a"}}, {{"b"}}, {}, {{"c"}, {"d"}}});
  core::schedule s(p, rules());
  s.start_ready();
  const auto effects = s.failed(0);
  BOOST_TEST(!effects.abort);
  BOOST_TEST((effects.skipped == skips{{1, {"a"}}, {2, {"b"}}, {4, {"c"}}}));
  BOOST_TEST(!s.all_terminal());
  s.succeeded(3);
  BOOST_TEST(s.start_ready().empty());
  BOOST_TEST(s.all_terminal());
}

BOOST_AUTO_TEST_CASE(with_a_gap_a_dependant_runs_when_all_are_terminal) {
  const auto p = plan_of({{}, {}, {{"a"}, {"b"}}});
  core::schedule s(p, rules(16, failure_policy::run_with_gap));
  s.start_ready();
  BOOST_TEST((s.failed(0) == core::schedule_effects{}));
  BOOST_TEST(s.start_ready().empty());
  s.succeeded(1);
  BOOST_TEST((s.start_ready() == indices{2}));
}

BOOST_AUTO_TEST_CASE(missing_names_all_that_is_broken_so_far) {
  const auto p =
      plan_of({{}, {}, {{"b"}, {"a", failure_policy::run_with_gap}}});
  core::schedule s(p, rules());
  s.start_ready();
  BOOST_TEST(s.failed(0).skipped.empty());
  BOOST_TEST((s.failed(1).skipped == skips{{2, {"b", "a"}}}));
}

BOOST_AUTO_TEST_CASE(the_edges_policy_beats_the_resolver_and_the_crew) {
  const auto p = plan_of({{}, {{"a", failure_policy::run_with_gap}}, {{"a"}}});
  core::schedule own(p, rules());
  own.start_ready();
  BOOST_TEST((own.failed(0).skipped == skips{{2, {"a"}}}));
  auto r = rules();
  r.policy_of = [](const core::subtask&, const core::dependency& e) {
    return e.if_failed.value_or(failure_policy::run_with_gap);
  };
  core::schedule resolved(p, r);
  resolved.start_ready();
  BOOST_TEST(resolved.failed(0).skipped.empty());
  BOOST_TEST((resolved.start_ready() == indices{1, 2}));
}

BOOST_AUTO_TEST_CASE(an_abort_edge_ends_the_run_when_its_source_fails) {
  const auto p = plan_of({{}, {{"a", failure_policy::abort}}, {}});
  core::schedule s(p, rules(1));
  s.start_ready();
  BOOST_TEST(s.failed(0).abort);
  BOOST_TEST(s.aborted());
  BOOST_TEST(s.start_ready().empty());
  core::schedule other(p, rules(3));
  other.start_ready();
  BOOST_TEST(!other.failed(2).abort);
}

BOOST_AUTO_TEST_CASE(an_abort_edge_counts_for_a_skipped_source_too) {
  const auto p = plan_of({{}, {{"a"}}, {{"b", failure_policy::abort}}});
  core::schedule s(p, rules());
  s.start_ready();
  BOOST_TEST(s.failed(0).abort);
}

BOOST_AUTO_TEST_CASE(an_abort_edge_counts_whoever_failed_first) {
  const auto p = plan_of({{}, {}, {{"a"}, {"b", failure_policy::abort}}});
  core::schedule s(p, rules());
  s.start_ready();
  BOOST_TEST((s.failed(0).skipped == skips{{2, {"a"}}}));
  BOOST_TEST(s.failed(1).abort);
}

BOOST_AUTO_TEST_CASE(with_an_aborting_crew_any_failure_ends_the_run) {
  core::schedule s(plan_of({{}, {}}), rules(16, failure_policy::abort));
  s.start_ready();
  BOOST_TEST(s.failed(1).abort);
}

BOOST_AUTO_TEST_CASE(a_waiting_subtask_gives_its_slot_back) {
  core::schedule s(plan_of({{}, {}, {}}), rules(1));
  BOOST_TEST((s.start_ready() == indices{0}));
  s.waits(0);
  BOOST_TEST(s.running() == 0u);
  BOOST_TEST((s.start_ready() == indices{1}));
  s.wakes(0);
  BOOST_TEST(s.start_ready().empty());
  s.succeeded(1);
  // Awake again, it stands before `c`.
  BOOST_TEST((s.start_ready() == indices{0}));
}

BOOST_AUTO_TEST_CASE(late_double_and_unknown_events_are_no_ops) {
  core::schedule s(plan_of({{}, {{"a"}}, {}}), rules());
  s.succeeded(1); // Not running.
  s.wakes(0);
  s.waits(1);
  BOOST_TEST((s.start_ready() == indices{0, 2}));
  s.waits(2);
  BOOST_TEST((s.failed(2) == core::schedule_effects{})); // While it waits.
  s.wakes(2);
  s.succeeded(2);
  s.succeeded(0);
  s.succeeded(0);
  BOOST_TEST((s.failed(0) == core::schedule_effects{}));
  BOOST_TEST(s.running() == 0u);
  BOOST_TEST((s.start_ready() == indices{1}));
  s.succeeded(9);
  s.waits(9);
  s.wakes(9);
  BOOST_TEST((s.failed(9) == core::schedule_effects{}));
}

BOOST_AUTO_TEST_CASE(a_ready_subtask_can_fail_before_it_starts) {
  core::schedule s(plan_of({{}, {}, {{"b"}}}), rules(1));
  s.start_ready();
  BOOST_TEST((s.failed(1).skipped == skips{{2, {"b"}}}));
  s.succeeded(0);
  BOOST_TEST(s.start_ready().empty());
  BOOST_TEST(s.all_terminal());
}

BOOST_AUTO_TEST_CASE(restore_takes_up_where_the_journal_ends) {
  const auto p = plan_of({{}, {{"a"}}, {}, {{"c"}}, {{"d"}}, {{"a"}, {"c"}}});
  core::schedule s(p, rules());
  // `a` succeeded, `c` failed; that `d` was skipped is known, that `e` and
  // `f` are not, because of it, is not.
  const auto effects =
      s.restore({task_end::succeeded, task_end::none, task_end::failed,
                 task_end::skipped, task_end::none, task_end::none});
  BOOST_TEST((effects.skipped == skips{{5, {"c"}}, {4, {"d"}}}));
  BOOST_TEST((s.start_ready() == indices{1}));
  s.succeeded(1);
  BOOST_TEST(s.all_terminal());
}

BOOST_AUTO_TEST_CASE(restore_knows_an_abort) {
  const auto p = plan_of({{}, {{"a", failure_policy::abort}}});
  core::schedule s(p, rules());
  BOOST_TEST(s.restore({task_end::failed, task_end::none}).abort);
  BOOST_TEST(s.start_ready().empty());
}

BOOST_AUTO_TEST_CASE(restore_of_an_untouched_run_changes_nothing) {
  core::schedule s(plan_of({{}, {{"a"}}}), rules());
  BOOST_TEST((s.restore({task_end::none, task_end::none})
              == core::schedule_effects{}));
  BOOST_TEST((s.start_ready() == indices{0}));
}

BOOST_AUTO_TEST_SUITE_END()
