// The run machine alone: no actor, no provider. Whole runs: tests/actors.
#include "run_machine_fixture.hpp"

using namespace brigade::core;
using namespace brigade::test;
namespace effects = run_effects;

BOOST_AUTO_TEST_CASE(a_given_plan_starts_its_subtasks_in_one_step) {
  auto m = machine_for(two_workers(), two_tasks);
  const auto step = m.start(0);
  BOOST_TEST(names(step)
                 == (strings{"run.submitted", "plan.proposed", "plan.accepted",
                             "task.started", "task.started"}),
             boost::test_tools::per_element());
  BOOST_TEST(all<effects::start_worker>(step).size() == 2u);
  BOOST_TEST(all<effects::keep_back>(step).size() == 1u);
  BOOST_TEST(all<effects::keep_back>(step)[0].share.cost.value > 0);
  BOOST_TEST(all<effects::keep_back>(step)[0].tasks == 2u);
}

BOOST_AUTO_TEST_CASE(a_late_or_duplicate_result_is_a_no_op) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  BOOST_TEST(m.on_task_done(0, 1, shared_text{"r"}, 5).events.size() == 1u);
  BOOST_TEST(m.on_task_done(0, 1, shared_text{"r"}, 5).events.empty());
  BOOST_TEST(m.on_task_failed(0, 1, "crashed", "", 5).events.empty());
  BOOST_TEST(m.on_task_done(1, 2, shared_text{"r"}, 5).events.empty());
  BOOST_TEST(m.on_task_done(9, 1, shared_text{"r"}, 5).events.empty());
}

BOOST_AUTO_TEST_CASE(a_crash_waits_before_the_next_attempt_and_not_longer) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  const auto crash = m.on_task_failed(0, 1, "crashed", "x", 100);
  BOOST_TEST(names(crash) == strings{"task.retried"},
             boost::test_tools::per_element());
  const auto due = m.next_due_ms();
  BOOST_TEST(due > 100);
  BOOST_TEST(m.on_time(due - 1).events.empty());
  const auto step = m.on_time(due);
  BOOST_TEST(all<effects::start_worker>(step).size() == 1u);
  BOOST_TEST(all<effects::start_worker>(step)[0].attempt == 2u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_says_nothing_is_stopped) {
  auto c = two_workers();
  c.limits.attempt_timeout_ms = 5000;
  auto m = machine_for(c, two_tasks);
  m.start(0);
  BOOST_TEST(m.next_due_ms() == 5000 + worker_grace_ms);
  BOOST_TEST(m.on_time(5999).effects.empty());
  const auto step = m.on_time(6000);
  BOOST_TEST(all<effects::stop_worker>(step).size() == 2u);
  BOOST_TEST(names(step) == (strings{"task.retried", "task.retried"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_slot_that_is_free_in_a_backoff_is_used) {
  auto c = two_workers();
  c.limits.parallel_max = 1;
  auto m = machine_for(c, two_tasks);
  BOOST_TEST(all<effects::start_worker>(m.start(0)).size() == 1u);
  const auto step = m.on_task_failed(0, 1, "crashed", "", 10);
  BOOST_TEST(all<effects::start_worker>(step).size() == 1u);
  BOOST_TEST(all<effects::start_worker>(step)[0].task == 1u);
}

BOOST_AUTO_TEST_CASE(the_terminal_event_comes_once_and_after_the_till) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  m.on_task_done(0, 1, shared_text{"r"}, 1);
  const auto last = m.on_task_done(1, 1, shared_text{"s"}, 2);
  BOOST_TEST(all<effects::start_synthesizer>(last).size() == 1u);
  const auto done = m.on_synthesis_done(shared_text{"answer"}, 3);
  BOOST_TEST((names(done) == strings{"synthesis.succeeded", "run.ending"}),
             boost::test_tools::per_element());
  BOOST_TEST(all<effects::close_till>(done).size() == 1u);
  const auto end = m.on_till_closed(4);
  BOOST_TEST(names(end) == strings{"run.finished"},
             boost::test_tools::per_element());
  BOOST_TEST(m.on_till_closed(5).events.empty());
  BOOST_TEST(m.on_time(1'000'000).events.empty());
  BOOST_TEST(m.on_stop(stop_kind::cancel, "late", 6).events.empty());
}

BOOST_AUTO_TEST_CASE(a_plan_that_cannot_be_paid_is_refused_before_any_worker) {
  auto c = two_workers();
  c.limits.cost = pico_usd{1000};
  auto m = machine_for(c, two_tasks);
  const auto step = m.start(0);
  BOOST_TEST(all<effects::start_worker>(step).empty());
  BOOST_REQUIRE(m.state().faults.size() == 1u);
  BOOST_TEST(m.state().faults[0].code == "over_budget");
  m.on_till_closed(1);
  BOOST_TEST(m.state().reason == "plan_rejected");
}

BOOST_AUTO_TEST_CASE(a_suspended_run_keeps_its_results_and_is_not_terminal) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  m.on_task_done(0, 1, shared_text{"r"}, 1);
  const auto stop = m.on_stop(stop_kind::suspend, "interrupt", 2);
  BOOST_TEST(all<effects::stop_all_workers>(stop).size() == 1u);
  const auto end = m.on_till_closed(3);
  BOOST_TEST(names(end) == strings{"run.suspended"},
             boost::test_tools::per_element());
  BOOST_TEST((m.state().status == run_status::suspended));
  BOOST_TEST(m.state().tasks[0].result.str() == "r");
}

BOOST_AUTO_TEST_CASE(a_silent_synthesizer_is_given_up_and_nothing_is_lost) {
  auto m = machine_for(two_workers(), two_tasks);
  m.start(0);
  m.on_task_done(0, 1, shared_text{"boats: 7"}, 1);
  m.on_task_done(1, 1, shared_text{"captains: 2"}, 2);
  const auto step = m.on_time(m.next_due_ms());
  BOOST_TEST(all<effects::close_till>(step).size() == 1u);
  m.on_till_closed(99'000);
  BOOST_TEST((m.state().status == run_status::partial));
  BOOST_TEST(m.state().reason == "provider");
  BOOST_TEST(m.state().answer.str().find("captains: 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reasons_follow_from_codes) {
  BOOST_TEST(reason_of_failure("over_budget") == "over_budget");
  BOOST_TEST(reason_of_failure("no_price") == "over_budget");
  BOOST_TEST(reason_of_failure("deadline") == "deadline");
  BOOST_TEST(reason_of_failure("unauthorized") == "provider");
  BOOST_TEST(reason_of_failure("timed_out") == "provider");
  BOOST_TEST(reason_of_failure("crashed") == "task_failed");
  BOOST_TEST(reason_of_failure("empty_reply") == "task_failed");
}
