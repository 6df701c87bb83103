// A plan that waits for approval: the machine alone. Whole runs with deaths:
// tests/actors/approval.cpp.
#include "brigade/core/run/approval.hpp"
#include "run_machine_fixture.hpp"

#include <functional>

using namespace brigade::core;
using namespace brigade::test;
namespace effects = run_effects;

namespace {

run_order order_of(crew c, std::optional<std::string> plan = two_tasks) {
  c.approval = approval_kind::plan;
  c.limits.approval_timeout_ms = 60'000;
  run_order order;
  order.goal = "Count boats and captains";
  order.inputs = std::make_shared<const input_set>();
  order.crew = std::make_shared<const crew>(std::move(c));
  order.plan_text = std::move(plan);
  return order;
}

constexpr std::int64_t wall_ms = 1'700'000'000'000;

/// A run over several lives: what is stored of it.
struct kept_run {
  explicit kept_run(run_order what) : order(std::move(what)) {
    // nop
  }

  void store(const run_step& step, std::int64_t at_ms) {
    for (const auto& body : step.events) {
      ++seq;
      past.apply({seq, wall_ms + at_ms, at_ms, body});
      said.emplace_back(event_name(body));
    }
  }

  run_machine machine() const {
    return {order, [] { return 0.5; }};
  }

  /// Until it waits.
  void wait() {
    auto m = machine();
    store(m.start(0), 0);
    store(m.on_till_closed(1), 1);
  }

  run_step resume(run_machine& m, std::optional<approval_decision> decision) {
    events::run_resumed resumed;
    resumed.epoch = past.epoch + 1;
    resumed.reason = "approval";
    resumed.ceiling = past.ceiling;
    resumed.deadline_ms = past.deadline_ms;
    run_step news;
    news.events.emplace_back(resumed);
    store(news, 2);
    said.clear();
    auto step = m.resume(past, std::move(decision), 2);
    store(step, 2);
    return step;
  }

  run_order order;
  run_state past;
  std::uint64_t seq = 0;
  strings said;
};

approval_decision decide(decision_kind kind, std::string comment = {}) {
  return {kind, "ann", std::move(comment), std::nullopt};
}

approval_decision instead(std::string plan) {
  return {decision_kind::approve, "ann", "", std::move(plan)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(approval)

BOOST_AUTO_TEST_CASE(an_accepted_plan_asks_in_one_step_and_nothing_starts) {
  kept_run run{order_of(two_workers())};
  auto m = run.machine();
  const auto step = m.start(0);
  run.store(step, 0);
  BOOST_TEST(run.said
                 == (strings{"run.submitted", "plan.proposed", "plan.accepted",
                             "approval.requested"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(step.effects.size() == 1u);
  BOOST_REQUIRE(all<effects::close_till>(step).size() == 1u);
  BOOST_TEST(all<effects::close_till>(step)[0].suspend);
  const auto& asked = *run.past.approval_asked;
  BOOST_TEST(asked.timeout_ms == 60'000);
  BOOST_TEST(asked.cost_low.value > 0);
  BOOST_TEST(asked.cost_low.value <= asked.cost_expected.value);
  BOOST_TEST(asked.cost_expected.value <= asked.cost_worst.value);
  BOOST_TEST(asked.critical_path == strings{"t1"},
             boost::test_tools::per_element());
  run.store(m.on_till_closed(1), 1);
  BOOST_TEST(run.said.back() == "run.suspended");
  BOOST_TEST(run.past.reason == "approval");
  BOOST_TEST(run.past.awaits_approval());
  BOOST_TEST(m.on_time(1'000'000).events.empty());
}

BOOST_AUTO_TEST_CASE(the_wait_ends_at_a_wall_time_whatever_happens_meanwhile) {
  kept_run run{order_of(two_workers())};
  BOOST_TEST(!approval_expires_wall_ms(run.past));
  run.wait();
  BOOST_TEST(*approval_expires_wall_ms(run.past) == wall_ms + 60'000);
  auto m = run.machine();
  const auto step = run.resume(m, std::nullopt);
  BOOST_TEST(*approval_expires_wall_ms(run.past) == wall_ms + 60'000);
  run.past.approval_asked->timeout_ms =
      std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(*approval_expires_wall_ms(run.past)
             == std::numeric_limits<std::int64_t>::max());
}

BOOST_AUTO_TEST_CASE(without_a_decision_it_stands_still_again_and_asks_once) {
  kept_run run{order_of(two_workers())};
  run.wait();
  for (int life = 0; life < 2; ++life) {
    auto m = run.machine();
    const auto step = run.resume(m, std::nullopt);
    BOOST_TEST(step.events.empty());
    BOOST_TEST(step.effects.size() == 1u);
    BOOST_TEST(all<effects::close_till>(step).size() == 1u);
    run.store(m.on_till_closed(3), 3);
    BOOST_TEST(run.said == strings{"run.suspended"},
               boost::test_tools::per_element());
    BOOST_TEST(run.past.awaits_approval());
  }
}

BOOST_AUTO_TEST_CASE(an_approved_plan_is_worked_on_at_once) {
  kept_run run{order_of(two_workers())};
  run.wait();
  auto m = run.machine();
  const auto step =
      run.resume(m, decide(decision_kind::approve, "looks right"));
  BOOST_TEST(run.said
                 == (strings{"approval.given", "task.started", "task.started"}),
             boost::test_tools::per_element());
  BOOST_TEST(all<effects::keep_back>(step).size() == 1u);
  BOOST_TEST(all<effects::start_worker>(step).size() == 2u);
  BOOST_TEST(run.past.approval_answer->decision == "approved");
  BOOST_TEST(run.past.approval_answer->by == "ann");
  BOOST_TEST(run.past.approval_answer->comment == "looks right");
  // A life that ends now goes on with the work, and nobody is asked again.
  auto next = run.machine();
  BOOST_TEST(all<effects::start_worker>(run.resume(next, std::nullopt)).size()
             == 2u);
  BOOST_TEST(run.said == (strings{"task.started", "task.started"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_plan_given_instead_is_worked_on_without_another_word) {
  kept_run run{order_of(two_workers())};
  run.wait();
  BOOST_TEST(check_edited_plan(run.order, run.past, one_task).empty());
  auto m = run.machine();
  const auto step = run.resume(m, instead(one_task));
  BOOST_TEST(run.said
                 == (strings{"approval.given", "plan.proposed", "plan.accepted",
                             "task.started"}),
             boost::test_tools::per_element());
  BOOST_TEST(all<effects::start_worker>(step).size() == 1u);
  BOOST_TEST(run.past.approval_answer->decision == "edited");
  BOOST_TEST(run.past.plan->tasks.size() == 1u);
  BOOST_TEST(run.past.tasks.size() == 1u);
  auto next = run.machine();
  run.resume(next, std::nullopt);
  BOOST_TEST(run.said == strings{"task.started"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_edited_plan_is_known_before) {
  kept_run run{order_of(two_workers())};
  run.wait();
  const auto wrong = std::string{R"({"analysis":"x","tasks":[
    {"id":"t1","worker":"nobody","description":"x","depends_on":["t9"]}]})"};
  const auto faults = check_edited_plan(run.order, run.past, wrong);
  BOOST_TEST(faults.size() >= 3u);
  // Given all the same, it ends the run, and no planner is asked to repair it.
  auto m = run.machine();
  const auto step = run.resume(m, instead(wrong));
  BOOST_TEST(run.said
                 == (strings{"approval.given", "plan.proposed", "plan.rejected",
                             "run.ending"}),
             boost::test_tools::per_element());
  BOOST_TEST((run.past.faults == faults));
  BOOST_TEST(all<effects::ask_planner>(step).empty());
  run.store(m.on_till_closed(3), 3);
  BOOST_TEST((run.past.status == run_status::failed));
  BOOST_TEST(run.past.reason == "plan_rejected");
}

BOOST_AUTO_TEST_CASE(an_edited_plan_must_fit_in_what_is_left) {
  kept_run run{order_of(two_workers())};
  run.wait();
  BOOST_TEST(check_edited_plan(run.order, run.past, two_tasks).empty());
  auto past = run.past;
  past.spent = past.ceiling;
  const auto faults = check_edited_plan(run.order, past, two_tasks);
  BOOST_REQUIRE(faults.size() == 1u);
  BOOST_TEST(faults[0].code == "over_budget");
}

BOOST_AUTO_TEST_CASE(rejected_and_expired_plans_end_the_run_as_cancelled) {
  struct wanted {
    decision_kind kind;
    std::string decision;
    std::string reason;
    std::string message;
  };
  const std::vector<wanted> all_ends{
      {decision_kind::reject, "rejected", "approval_rejected",
       "the plan was rejected: too dear"},
      {decision_kind::expire, "expired", "approval_expired",
       "nobody approved the plan within 60 s (limits.approval_timeout_s)"}};
  for (const auto& end : all_ends) {
    kept_run run{order_of(two_workers())};
    run.wait();
    auto m = run.machine();
    const auto step = run.resume(m, decide(end.kind, "too dear"));
    BOOST_TEST(run.said == (strings{"approval.given", "run.ending"}),
               boost::test_tools::per_element());
    BOOST_TEST(all<effects::start_worker>(step).empty());
    run.store(m.on_till_closed(3), 3);
    BOOST_TEST((run.past.status == run_status::cancelled));
    BOOST_TEST(run.past.approval_answer->decision == end.decision);
    BOOST_TEST(run.past.reason == end.reason);
    BOOST_TEST(run.past.message == end.message);
  }
}

BOOST_AUTO_TEST_CASE(any_run_can_be_cancelled_where_its_events_end) {
  const std::vector<std::function<void(kept_run&)>> pasts{
      [](kept_run& run) {
        run_step accepted;
        accepted.events.emplace_back(submitted(run.order));
        run.store(accepted, 0);
      },
      [](kept_run& run) { run.wait(); },
      [](kept_run& run) {
        run.wait();
        auto m = run.machine();
        run.resume(m, decide(decision_kind::approve));
        run.store(m.on_task_done(0, 1, shared_text{"r"}, 2), 2);
      },
      [](kept_run& run) {
        run.wait();
        auto m = run.machine();
        run.resume(m, decide(decision_kind::approve));
        run.store(m.on_task_done(0, 1, shared_text{"r"}, 2), 2);
        run.store(m.on_task_done(1, 1, shared_text{"r"}, 2), 2);
      },
  };
  for (const auto& begin : pasts) {
    kept_run run{order_of(two_workers())};
    begin(run);
    auto m = run.machine();
    const auto step = run.resume(m, decide(decision_kind::cancel, "not now"));
    BOOST_TEST(run.said == strings{"run.ending"},
               boost::test_tools::per_element());
    BOOST_TEST(all<effects::start_worker>(step).empty());
    BOOST_TEST(all<effects::ask_planner>(step).empty());
    BOOST_TEST(all<effects::start_synthesizer>(step).empty());
    BOOST_REQUIRE(all<effects::close_till>(step).size() == 1u);
    BOOST_TEST(!all<effects::close_till>(step)[0].suspend);
    run.store(m.on_till_closed(3), 3);
    BOOST_TEST((run.past.status == run_status::cancelled));
    BOOST_TEST(run.past.reason == "cancelled");
    BOOST_TEST(run.past.message == "the run was cancelled: not now");
  }
}

BOOST_AUTO_TEST_CASE(a_decision_for_a_run_that_does_not_wait_starts_nothing) {
  kept_run run{order_of(two_workers())};
  run_step accepted;
  accepted.events.emplace_back(submitted(run.order));
  run.store(accepted, 0);
  for (auto kind :
       {decision_kind::approve, decision_kind::reject, decision_kind::expire}) {
    auto m = run.machine();
    const auto step = run.resume(m, decide(kind));
    BOOST_TEST(step.events.empty());
    BOOST_TEST(step.effects.size() == 1u);
    run.store(m.on_till_closed(3), 3);
    BOOST_TEST((run.past.status == run_status::suspended));
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_begins_to_wait_can_be_cancelled) {
  kept_run run{order_of(two_workers())};
  auto m = run.machine();
  run.store(m.start(0), 0);
  BOOST_TEST(m.on_stop(stop_kind::suspend, "interrupt", 1).events.empty());
  run.store(m.on_stop(stop_kind::cancel, "user", 1), 1);
  run.store(m.on_till_closed(2), 2);
  BOOST_TEST((run.past.status == run_status::cancelled));
  BOOST_TEST(m.on_till_closed(3).events.empty());
}

BOOST_AUTO_TEST_CASE(an_end_that_was_decided_is_not_changed_by_a_decision) {
  kept_run run{order_of(two_workers())};
  run.wait();
  auto m = run.machine();
  run.resume(m, decide(decision_kind::reject));
  auto next = run.machine();
  const auto step = run.resume(next, decide(decision_kind::approve));
  BOOST_TEST(step.events.empty());
  run.store(next.on_till_closed(4), 4);
  BOOST_TEST(run.past.reason == "approval_rejected");
}

BOOST_AUTO_TEST_CASE(what_a_run_was_submitted_with_decides_in_every_life) {
  // The crew does not say so any more when the run is resumed.
  kept_run run{order_of(two_workers(), std::nullopt)};
  run_step accepted;
  accepted.events.emplace_back(submitted(run.order));
  run.store(accepted, 0);
  auto other = *run.order.crew;
  other.approval = approval_kind::none;
  run.order.crew = std::make_shared<const crew>(other);
  auto m = run.machine();
  BOOST_TEST(all<effects::ask_planner>(run.resume(m, std::nullopt)).size()
             == 1u);
  model_reply reply;
  reply.text = shared_text{two_tasks};
  run.store(m.on_plan_call(call_succeeded{reply}, 3), 3);
  BOOST_TEST(run.past.awaits_approval());
}

BOOST_AUTO_TEST_CASE(some_runs_never_ask) {
  auto order = order_of(two_workers());
  BOOST_TEST(asks_approval(order));
  BOOST_TEST(submitted(order).approval == "plan");
  BOOST_TEST(submitted(order).approval_timeout_ms == 60'000);
  order.nesting = 1;
  BOOST_TEST(!asks_approval(order));
  BOOST_TEST(submitted(order).approval == "");
  order.nesting = 0;
  order.plan_only = true;
  BOOST_TEST(!asks_approval(order));
  order.plan_only = false;
  auto plain = *order.crew;
  plain.approval = approval_kind::none;
  order.crew = std::make_shared<const crew>(plain);
  BOOST_TEST(!asks_approval(order));
  order.approve_plan = true;
  BOOST_TEST(asks_approval(order));
  // Nothing is left to approve when the planner answers itself.
  plain.planner.direct_answer = true;
  order.crew = std::make_shared<const crew>(plain);
  order.plan_text = R"({"analysis":"x","answer":"seven","tasks":[]})";
  kept_run run{order};
  auto m = run.machine();
  run.store(m.start(0), 0);
  BOOST_TEST(run.said.back() == "run.ending");
}

BOOST_AUTO_TEST_CASE(a_long_comment_is_cut_between_characters) {
  kept_run run{order_of(two_workers())};
  run.wait();
  auto m = run.machine();
  std::string comment(approval_comment_bytes_max - 1, 'x');
  run.resume(m, decide(decision_kind::reject, comment + "\xC3\xA9"));
  BOOST_TEST(run.past.approval_answer->comment == comment);
}

BOOST_AUTO_TEST_SUITE_END()
