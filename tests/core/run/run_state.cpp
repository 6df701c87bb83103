// The fold of a run's events.

#include "brigade/core/run/run_state.hpp"

#include "event_samples.hpp"
#include "run_story.hpp"

#include "brigade/core/run/report.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace brigade::core;
using brigade::test::planned;
using brigade::test::run_story;

namespace {

/// Everything that a report and the machine can see, as one text.
std::string all_of(const run_state& state) {
  run_report report;
  report.state = state;
  auto text = boost::json::serialize(to_json(report));
  for (const auto& task : state.tasks)
    text += std::string{to_string(task.status)} + task.error_code;
  return text + " " + to_decimal(state.reserved) + " "
         + std::to_string(state.plans_rejected) + " "
         + std::to_string(static_cast<int>(state.phase));
}

void check_no_op(run_story story, event_body body) {
  const auto before = all_of(story.state);
  const std::string name{event_name(body)};
  story.then(std::move(body));
  BOOST_TEST(all_of(story.state) == before, name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_states)

BOOST_AUTO_TEST_CASE(task_status_has_stable_names) {
  BOOST_TEST(to_string(task_status::not_started) == "not_started");
  BOOST_TEST(to_string(task_status::running) == "running");
  BOOST_TEST(to_string(task_status::cancelled) == "cancelled");
  BOOST_TEST(!is_terminal(task_status::running));
  BOOST_TEST(is_terminal(task_status::skipped));
}

BOOST_AUTO_TEST_CASE(a_submitted_run_knows_its_order) {
  run_story story;
  story.then(events::run_submitted{
      "Goal", "crew", {9}, 5000, {{"doc1", "a.md", 3, 1}}});
  const auto& state = story.state;
  BOOST_TEST(state.goal == "Goal");
  BOOST_TEST(state.crew == "crew");
  BOOST_TEST(state.ceiling.value == 9);
  BOOST_TEST(state.deadline_ms == 5000);
  BOOST_TEST(state.inputs.size() == 1U);
  BOOST_TEST(state.submitted_wall_ms == 1'700'000'000'000);
  BOOST_TEST((state.phase == run_phase::planning));
  BOOST_TEST((state.status == run_status::running));
}

BOOST_AUTO_TEST_CASE(a_healthy_run_passes_through_all_phases) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2", {"t1"})}, 40);
  BOOST_TEST((story.state.phase == run_phase::working));
  BOOST_TEST(story.state.tasks.size() == 2U);
  BOOST_TEST(story.state.synthesis_share.value == 100);
  story.work("t1", 10);
  BOOST_TEST((story.state.tasks[0].status == task_status::succeeded));
  BOOST_TEST(story.state.tasks[0].result.str() == "Found t1");
  BOOST_TEST(story.state.tasks[0].started_ms.value() == 40);
  BOOST_TEST(story.state.tasks[0].finished_ms.value() == 50);
  story.work("t2", 10).then(events::synthesis_started{"llm", 2, 0});
  BOOST_TEST((story.state.phase == run_phase::synthesizing));
  BOOST_TEST(story.state.synthesizer == "llm");
  story.then(events::synthesis_succeeded{shared_text{"Green."}}, 5);
  BOOST_TEST(story.state.answer.str() == "Green.");
  story.then(events::run_finished{run_status::succeeded, "", "Done.", {}});
  BOOST_TEST((story.state.phase == run_phase::finished));
  BOOST_TEST((story.state.status == run_status::succeeded));
  BOOST_TEST(story.state.answer.str() == "Green.");
  BOOST_TEST(story.state.last_at_ms == 65);
}

BOOST_AUTO_TEST_CASE(rejected_plans_are_counted_once_and_their_faults_kept) {
  run_story story;
  story.submit();
  const plan_fault fault{"empty_plan", "/tasks", "Add a task."};
  story.then(events::plan_proposed{0, shared_text{"x"}});
  story.then(events::plan_rejected{0, {fault, fault}});
  story.then(events::plan_rejected{0, {}});
  BOOST_TEST(story.state.plans_rejected == 1U);
  BOOST_TEST(story.state.faults.size() == 2U);
  story.then(events::plan_rejected{1, {fault}});
  BOOST_TEST(story.state.plans_rejected == 2U);
  story.accept({planned("t1")});
  BOOST_TEST(story.state.faults.size() == 1U);
  check_no_op(story, events::plan_rejected{2, {}});
}

BOOST_AUTO_TEST_CASE(a_second_plan_is_a_no_op) {
  run_story story;
  story.submit().accept({planned("t1")}).work("t1", 1);
  const auto before = all_of(story.state);
  story.accept({planned("t8"), planned("t9")});
  BOOST_TEST(all_of(story.state) == before);
  check_no_op(story, events::plan_accepted{nullptr, {}});
}

BOOST_AUTO_TEST_CASE(a_retry_keeps_the_error_until_the_subtask_succeeds) {
  run_story story;
  story.submit().accept({planned("t1")});
  story.then(events::task_started{"t1", 1});
  story.then(events::task_retried{"t1", 1, 500, "crashed", "It fell over."},
             20);
  const auto& task = story.state.tasks[0];
  BOOST_TEST((task.status == task_status::not_started));
  BOOST_TEST(task.attempts == 1U);
  BOOST_TEST(task.error_code == "crashed");
  BOOST_TEST(task.error_message == "It fell over.");
  story.then(events::task_started{"t1", 2}, 500);
  BOOST_TEST((task.status == task_status::running));
  BOOST_TEST(task.attempts == 2U);
  BOOST_TEST(task.started_ms.value() == 0);
  story.then(events::task_succeeded{"t1", 2, shared_text{"x"}});
  BOOST_TEST(task.error_code.empty());
}

BOOST_AUTO_TEST_CASE(each_end_of_a_subtask_says_why) {
  run_story story;
  story.submit().accept(
      {planned("t1"), planned("t2", {"t1"}), planned("t3"), planned("t4")});
  story.then(events::task_started{"t1", 1});
  story.then(events::task_failed{"t1", 1, "refused", "No."});
  story.then(events::task_skipped{"t2", {"t1"}});
  story.then(events::task_started{"t3", 1});
  story.then(events::task_cancelled{"t3", 1, "deadline"});
  const auto& tasks = story.state.tasks;
  BOOST_TEST((tasks[0].status == task_status::failed));
  BOOST_TEST(tasks[0].error_code == "refused");
  BOOST_TEST((tasks[1].status == task_status::skipped));
  BOOST_TEST(tasks[1].missing.size() == 1U);
  BOOST_TEST((tasks[2].status == task_status::cancelled));
  BOOST_TEST(tasks[2].error_message == "deadline");
  BOOST_TEST((tasks[3].status == task_status::not_started));
  BOOST_TEST(tasks[2].finished_ms.has_value());
}

BOOST_AUTO_TEST_CASE(what_comes_late_or_names_nobody_changes_nothing) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2")});
  story.then(events::task_started{"t1", 1});
  story.then(events::task_retried{"t1", 1, 5, "crashed", "x"});
  // Of an attempt that is over.
  check_no_op(story, events::task_started{"t1", 1});
  check_no_op(story, events::task_succeeded{"t1", 1, shared_text{"late"}});
  check_no_op(story, events::task_retried{"t1", 1, 5, "other", "y"});
  story.then(events::task_started{"t1", 2});
  check_no_op(story, events::task_started{"t1", 2});
  check_no_op(story, events::task_succeeded{"t1", 1, shared_text{"late"}});
  check_no_op(story, events::task_failed{"t1", 1, "late", ""});
  check_no_op(story, events::task_cancelled{"t1", 1, "late"});
  check_no_op(story, events::task_skipped{"t1", {}});
  // Of an attempt that never began.
  check_no_op(story, events::task_succeeded{"t2", 1, shared_text{"early"}});
  check_no_op(story, events::task_succeeded{"t1", 3, shared_text{"early"}});
  // Of a subtask that has ended.
  story.then(events::task_succeeded{"t1", 2, shared_text{"x"}});
  check_no_op(story, events::task_started{"t1", 3});
  check_no_op(story, events::task_failed{"t1", 2, "late", ""});
  check_no_op(story, events::task_cancelled{"t1", 2, "late"});
  check_no_op(story, events::task_succeeded{"t1", 2, shared_text{"again"}});
  // Of nobody.
  check_no_op(story, events::task_started{"t9", 1});
  check_no_op(story, events::task_failed{"", 1, "x", ""});
  check_no_op(story, events::call_in_doubt{call_id{9}, {5}, ""});
  check_no_op(story, events::call_in_doubt{call_id{0}, {5}, ""});
  events::run_resumed earlier;
  earlier.epoch = story.state.epoch;
  check_no_op(story, std::move(earlier));
  check_no_op(story, events::run_submitted{"Other", "", {1}, 0, {}});
  check_no_op(story, events::run_finished{run_status::suspended, "", "", {}});
}

BOOST_AUTO_TEST_CASE(every_event_before_the_plan_leaves_no_subtask) {
  run_story story;
  story.submit();
  check_no_op(story, events::task_started{"t1", 1});
  check_no_op(story, events::task_skipped{"t1", {}});
}

BOOST_AUTO_TEST_CASE(a_replay_of_the_same_events_changes_nothing) {
  run_story story;
  story.submit().intend(1, call_role::planner, "", 50).settle(1, 20);
  story.accept({planned("t1")}).work("t1", 7);
  auto state = story.state;
  for (const auto& e : story.events)
    state.apply(e);
  BOOST_TEST(all_of(state) == all_of(story.state));
}

BOOST_AUTO_TEST_CASE(nothing_happens_after_the_terminal_event) {
  run_story story;
  story.submit().accept({planned("t1")}).intend(1, call_role::worker, "t1", 5);
  story.then(events::task_started{"t1", 1});
  story.then(events::run_finished{run_status::failed, "internal", "x", {}});
  brigade::test::event_sampler sampler{3};
  for (int i = 0; i < 500; ++i)
    check_no_op(story, sampler.next().body);
  check_no_op(story, events::task_succeeded{"t1", 1, shared_text{"x"}});
  check_no_op(story, events::call_in_doubt{call_id{1}, {5}, ""});
  check_no_op(story, events::run_suspended{"interrupt"});
}

BOOST_AUTO_TEST_CASE(a_reservation_becomes_its_charge) {
  run_story story;
  story.submit().accept({planned("t1")});
  story.intend(1, call_role::worker, "t1", 50);
  story.intend(2, call_role::worker, "t1", 70);
  BOOST_TEST(story.state.reserved.value == 120);
  BOOST_TEST(story.state.spent.value == 0);
  check_no_op(story, story.events.back().body);
  story.settle(1, 20);
  BOOST_TEST(story.state.reserved.value == 70);
  BOOST_TEST(story.state.spent.value == 20);
  check_no_op(story, story.events.back().body);
  story.then(events::call_in_doubt{call_id{2}, {70}, "lost"});
  BOOST_TEST(story.state.reserved.value == 0);
  BOOST_TEST(story.state.spent.value == 90);
  BOOST_TEST(story.state.calls[1].in_doubt);
  check_no_op(story, events::call_in_doubt{call_id{1}, {5}, ""});
  BOOST_TEST(story.state.tasks[0].cost.value == 90);
  BOOST_TEST(story.state.tasks[0].tokens.input_tokens == 10U);
  BOOST_TEST(story.state.tokens.output_tokens == 5U);
}

BOOST_AUTO_TEST_CASE(usage_that_is_not_known_is_not_counted) {
  run_story story;
  story.submit().intend(1, call_role::planner, "", 50);
  events::call_settled settled;
  settled.id = call_id{1};
  settled.code = outcome_code::server_error;
  settled.rule = money_rule::charge_in_full;
  settled.charged = {50};
  settled.tokens = {7, 7, 7};
  settled.message = "It broke.";
  story.then(settled);
  BOOST_TEST(story.state.tokens.input_tokens == 0U);
  BOOST_TEST(story.state.spent.value == 50);
  BOOST_TEST((story.state.calls[0].code == outcome_code::server_error));
  BOOST_TEST(story.state.calls[0].message == "It broke.");
}

BOOST_AUTO_TEST_CASE(calls_are_found_even_when_their_ids_have_gaps) {
  run_story story;
  story.submit();
  for (std::uint64_t id : {5, 2, 9})
    story.intend(id, call_role::planner, "", 10);
  story.settle(9, 1).settle(5, 2).settle(2, 4);
  BOOST_TEST(story.state.reserved.value == 0);
  BOOST_TEST(story.state.spent.value == 7);
}

BOOST_AUTO_TEST_CASE(token_sums_stay_at_their_largest_value) {
  run_story story;
  story.submit();
  for (std::uint64_t id : {1, 2})
    story.intend(id, call_role::planner, "", 0)
        .settle(id, 0, {UINT64_MAX, 0, 1});
  BOOST_TEST(story.state.tokens.input_tokens == UINT64_MAX);
  BOOST_TEST(story.state.tokens.output_tokens == 2U);
}

BOOST_AUTO_TEST_CASE(a_suspended_run_stands_still_until_it_is_resumed) {
  run_story story;
  story.submit().then(events::run_suspended{"interrupt"});
  BOOST_TEST((story.state.status == run_status::suspended));
  BOOST_TEST(story.state.reason == "interrupt");
  story.then(events::run_resumed{});
  BOOST_TEST((story.state.status == run_status::running));
  BOOST_TEST(story.state.reason.empty());
}

BOOST_AUTO_TEST_CASE(a_failed_synthesis_and_a_breach_are_kept) {
  run_story story;
  story.submit().then(events::synthesis_failed{"refused", "No."});
  story.then(events::budget_breached{call_id{1}, "fast", {1}, {2}});
  BOOST_TEST(story.state.synthesis_error == "refused: No.");
  BOOST_TEST(story.state.budget_breached);
}

BOOST_AUTO_TEST_CASE(events_without_a_sequence_are_folded_too) {
  run_state state;
  event e;
  e.at_ms = 4;
  e.body = events::run_submitted{"Goal", "", {}, 0, {}};
  state.apply(e);
  e.body = events::run_suspended{"interrupt"};
  state.apply(e);
  BOOST_TEST((state.status == run_status::suspended));
  BOOST_TEST(state.last_seq == 0U);
  BOOST_TEST(state.last_at_ms == 4);
}

BOOST_AUTO_TEST_CASE(no_order_of_random_events_breaks_the_fold) {
  const std::uint64_t seed = 77;
  brigade::test::event_sampler sampler{seed};
  for (int round = 0; round < 300; ++round) {
    run_story story;
    for (int i = 0; i < 40; ++i)
      story.then(sampler.next().body);
    BOOST_TEST(!all_of(story.state).empty(), "seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
