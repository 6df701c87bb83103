// L1, L2, L3 and S3: beginnings, ends and time.

#include "books.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace brigade::testkit::detail {

namespace ev = core::events;

bool books::may_follow(run_book& run, const core::event& e) {
  const bool begins = std::holds_alternative<ev::run_submitted>(e.body);
  switch (run.now) {
  case run_now::ordered:
    if (run.refused)
      report("L1", run, "a run was refused and begins all the same");
    if (!begins && !run.journal_broken)
      report("R1", run, "the log does not begin with run.submitted");
    run.now = run_now::going;
    return true;
  case run_now::going:
    return true;
  case run_now::suspended:
    if (std::holds_alternative<ev::run_resumed>(e.body))
      return true;
    report("L2", run,
           std::string{core::event_name(e.body)} + " follows run.suspended");
    return false;
  case run_now::finished:
    report(std::holds_alternative<ev::run_finished>(e.body) ? "L1" : "L2", run,
           std::string{core::event_name(e.body)} + " follows run.finished");
    return false;
  }
  return false;
}

void books::finish(run_book& run, const core::event& e) {
  run.now = run_now::finished;
  const auto& end = std::get<ev::run_finished>(e.body);
  if (end.status == core::run_status::running
      || end.status == core::run_status::suspended)
    report("L1", run, "the status of the end is none");
  check_decided(run, end);
  const auto grace_ms = options.grace_ms * run.life;
  if (e.at_ms > run.most.deadline_ms + grace_ms + excused_ms && !run.unknown)
    report("L3", run,
           "the run ended at " + std::to_string(e.at_ms)
               + " ms, its deadline is " + std::to_string(run.most.deadline_ms)
               + " ms");
  if (run.journal_broken)
    return;
  if (run.open_calls != 0)
    report("M4", run,
           std::to_string(run.open_calls)
               + " calls have no end when the run ends");
  // Where the orchestrator died, nobody could cancel them.
  if (run.running != 0 && end.reason != "internal")
    report("H3", run, "subtasks are running when the run ends");
}

/// What the run said that its end would be.
void books::check_decided(run_book& run, const ev::run_finished& e) {
  if (!run.ending) {
    if (e.reason != "internal" && !run.journal_broken)
      report("L1", run, "run.finished comes without run.ending");
    return;
  }
  const auto& told = *run.ending;
  if (e.status != told.status || e.reason != told.reason
      || e.message != told.message || e.answer.view() != told.answer.view())
    report("L1", run,
           "run.ending says " + std::string{to_string(told.status)} + " ("
               + told.reason + "), run.finished "
               + std::string{to_string(e.status)} + " (" + e.reason + ")");
}

void books::suspend(run_book& run, const ev::run_suspended& e) {
  run.now = run_now::suspended;
  check_wait(run, e);
  // A nested run stands still too.
  const bool open =
      std::any_of(run.calls.begin(), run.calls.end(),
                  [](const auto& call) { return !call.ended && !call.nested; });
  if (open && !run.journal_broken && e.reason != "storage_failure")
    report("M4", run,
           std::to_string(run.open_calls)
               + " calls have no end when the run is suspended");
}

/// Every order is answered by exactly one end; a second end is told by
/// `may_follow`.
void books::check_ends() {
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto& run = runs[i];
    if (run.journal_broken || run.refused || run.forsaken)
      continue;
    if (run.now == run_now::ordered && run.is_top)
      report("L1", &run, nullptr, 0, "the run never began");
    else if (run.now == run_now::going)
      report("L1", &run, nullptr, run.last_at_ms, "the run has no end");
  }
}

void books::check_arrival(run_book& run, const served_call& line) {
  const auto at = line.call.at_ms;
  const core::call_id id{static_cast<std::uint64_t>(line.call.id) & 0xffffff};
  if (const auto* call = find_call(run, id))
    run.start_at_most_ms = std::min(run.start_at_most_ms, at - call->at_ms);
  if (run.now == run_now::finished || run.now == run_now::suspended)
    report("L2", &run, nullptr, at, "a call was sent though the run has ended");
  if (!run.unknown && at - run.start_at_most_ms >= run.most.deadline_ms)
    report("S3", &run, nullptr, at, "a call was sent after the run's deadline");
}

void books::check_time(run_book& run, const call_book& call,
                       std::uint32_t attempt) {
  if (run.unknown || run.crew == nullptr)
    return;
  const auto at = call.at_ms;
  const auto& own = run.crew->limits;
  const auto late = [&](const char* which, std::int64_t limit_ms) {
    if (at >= limit_ms)
      report("S3", run,
             std::string{"a call is bought at "} + std::to_string(at)
                 + " ms, the " + which + " ended at " + std::to_string(limit_ms)
                 + " ms");
  };
  late("run", run.most.deadline_ms);
  // A later life asks when what begins it is durable.
  const auto stood_ms = run.life > 1 ? excused_ms : 0;
  if (call.role == core::call_role::planner)
    late("planner", run.asked_ms + own.attempt_timeout_ms + stood_ms);
  if (call.role == core::call_role::synthesizer && run.synthesizing)
    late("synthesizer", run.synthesis_ms + own.attempt_timeout_ms + stood_ms);
  if (call.task == none)
    return;
  const auto& task = run.tasks[call.task];
  if (task.attempt == 0)
    return; // Told by the structure's checks.
  if (attempt == task.attempt)
    late("attempt", task.start_ms + task.limit_ms);
  late("subtask",
       task.first_start_ms + std::max(own.task_timeout_ms, task.limit_ms));
}

} // namespace brigade::testkit::detail
