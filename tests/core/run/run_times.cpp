// The three limits of a worker's time, and restarts.
#include "run_machine_fixture.hpp"

using namespace brigade::core;
using namespace brigade::test;
namespace effects = run_effects;

namespace {

/// The code of the one `task.failed` in a step, or empty.
std::string failure(const run_step& step) {
  for (const auto& body : step.events)
    if (const auto* e = std::get_if<events::task_failed>(&body))
      return e->code;
  return {};
}

/// The next start of a worker, after letting time pass until it is due.
effects::start_worker restarted(run_machine& m) {
  const auto step = m.on_time(m.next_due_ms());
  BOOST_REQUIRE(all<effects::start_worker>(step).size() == 1u);
  return all<effects::start_worker>(step)[0];
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_times)

BOOST_AUTO_TEST_CASE(an_attempt_that_has_no_more_time_is_followed_by_another) {
  auto c = two_workers();
  c.limits.attempt_timeout_ms = 5000;
  auto m = machine_for(c, one_task);
  const auto first = all<effects::start_worker>(m.start(0));
  BOOST_TEST(first[0].deadline_ms == 5000);
  const auto step = m.on_task_failed(0, 1, "timed_out", "x", 5000);
  BOOST_TEST(std::get<events::task_retried>(step.events.at(0)).code
             == "attempt_timeout");
  BOOST_TEST(restarted(m).attempt == 2u);
}

BOOST_AUTO_TEST_CASE(a_subtask_has_its_own_limit_over_all_its_attempts) {
  auto c = two_workers();
  c.limits.attempt_timeout_ms = 5000;
  c.limits.task_timeout_ms = 8000;
  c.limits.backoff_base_ms = 1000;
  auto m = machine_for(c, one_task);
  m.start(0);
  m.on_task_failed(0, 1, "timed_out", "x", 5000);
  const auto second = restarted(m);
  // Less than an attempt is left.
  BOOST_TEST(second.deadline_ms == 8000);
  BOOST_TEST(failure(m.on_task_failed(0, 2, "timed_out", "x", 8000))
             == "task_timeout");
}

BOOST_AUTO_TEST_CASE(no_attempt_starts_when_the_subtasks_time_would_be_over) {
  auto c = two_workers();
  c.limits.attempt_timeout_ms = 5000;
  c.limits.task_timeout_ms = 6000;
  c.limits.backoff_base_ms = 4000;
  auto m = machine_for(c, one_task);
  m.start(0);
  BOOST_TEST(failure(m.on_task_failed(0, 1, "timed_out", "x", 5000))
             == "task_timeout");
}

BOOST_AUTO_TEST_CASE(the_run_is_the_limit_of_all_limits) {
  auto c = two_workers();
  c.limits.attempt_timeout_ms = 5000;
  c.limits.run_deadline_ms = 3000;
  auto m = machine_for(c, one_task);
  const auto first = all<effects::start_worker>(m.start(0));
  BOOST_TEST(first[0].deadline_ms == 3000);
  BOOST_TEST(failure(m.on_task_failed(0, 1, "timed_out", "x", 3000))
             == "deadline");
}

BOOST_AUTO_TEST_CASE(a_try_that_had_less_time_than_its_attempt_keeps_its_code) {
  auto m = machine_for(two_workers(), one_task);
  m.start(0);
  BOOST_TEST(failure(m.on_task_failed(0, 1, "timed_out", "x", 100))
             == "timed_out");
}

BOOST_AUTO_TEST_CASE(a_worker_that_always_crashes_is_quarantined) {
  auto c = two_workers();
  c.limits.attempts_max = 2;
  auto m = machine_for(c, one_task);
  m.start(0);
  m.on_task_failed(0, 1, "crashed", "x", 1);
  restarted(m);
  BOOST_TEST(failure(m.on_task_failed(0, 2, "crashed", "x", 9000))
             == "quarantined");
}

BOOST_AUTO_TEST_CASE(more_restarts_than_allowed_quarantine_their_subtask) {
  auto c = two_workers();
  c.limits.restarts_max = 1;
  c.limits.restart_window_ms = 60'000;
  auto m = machine_for(c, two_tasks);
  m.start(0);
  m.on_task_failed(0, 1, "crashed", "x", 1);
  m.on_task_failed(1, 1, "crashed", "x", 1);
  const auto first = m.on_time(m.next_due_ms());
  const auto second = m.on_time(m.next_due_ms());
  // Both were due at the same time, or one after the other.
  const auto started = all<effects::start_worker>(first).size()
                       + all<effects::start_worker>(second).size();
  BOOST_TEST(started == 1u);
  BOOST_TEST(
      (failure(first) == "quarantined" || failure(second) == "quarantined"));
}

BOOST_AUTO_TEST_CASE(a_restart_outside_of_the_window_is_allowed) {
  auto c = two_workers();
  c.limits.restarts_max = 1;
  c.limits.restart_window_ms = 100;
  c.limits.backoff_base_ms = 200;
  auto m = machine_for(c, one_task);
  m.start(0);
  m.on_task_failed(0, 1, "crashed", "x", 0);
  BOOST_TEST(restarted(m).attempt == 2u);
  m.on_task_failed(0, 2, "crashed", "x", 400);
  BOOST_TEST(restarted(m).attempt == 3u);
}

BOOST_AUTO_TEST_CASE(the_till_is_closed_before_the_workers_are_stopped) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  const auto step = m.on_stop(stop_kind::cancel, "user", 5);
  BOOST_TEST(names(step)
                 == (strings{"task.cancelled", "task.cancelled", "run.ending"}),
             boost::test_tools::per_element());
  // The last one of the plan first.
  BOOST_TEST(std::get<events::task_cancelled>(step.events[0]).task == "t2");
  BOOST_REQUIRE(step.effects.size() == 2u);
  BOOST_TEST(std::holds_alternative<effects::close_till>(step.effects[0]));
  BOOST_TEST(
      std::holds_alternative<effects::stop_all_workers>(step.effects[1]));
}

BOOST_AUTO_TEST_SUITE_END()
