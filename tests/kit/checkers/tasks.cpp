// S1, S2, R2 and H3: the lives of subtasks.

#include "books.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace brigade::testkit::detail {

namespace ev = core::events;

task_book* books::known_task(run_book& run, std::string_view id) {
  auto* task = find_task(run, id);
  if (task == nullptr && !run.unknown)
    report("S4", run, "subtask " + quoted(id) + " is not in the plan");
  return task;
}

void books::start(run_book& run, const ev::task_started& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  check_undecided(run, "a subtask is started", false);
  check_approved(run, "a subtask is started");
  if (is_over(task->now) || task->now == task_now::running)
    report(task->now == task_now::succeeded ? "R2" : "H3", run,
           "subtask " + quoted(e.task)
               + " is started though it runs or has ended");
  if (e.attempt != task->attempt + 1)
    report("H3", run,
           "attempt " + std::to_string(e.attempt) + " follows "
               + std::to_string(task->attempt));
  for (std::uint32_t k = 0; k < task->edges; ++k) {
    const auto& edge = run.edges[task->first_edge + k];
    const auto& source = run.tasks[edge.source];
    if (!is_over(source.now))
      report("S1", run,
             "subtask " + quoted(e.task) + " is started before "
                 + quoted(source.id) + " has ended");
    else if (source.now != task_now::succeeded
             && edge.policy != core::failure_policy::run_with_gap)
      report("S1", run,
             "subtask " + quoted(e.task) + " is started without "
                 + quoted(source.id) + ", which its policy forbids");
  }
  if (task->now != task_now::running)
    ++run.running;
  task->now = task_now::running;
  task->attempt = e.attempt;
  task->start_ms = now->at_ms;
  if (e.attempt <= 1)
    task->first_start_ms = now->at_ms;
  if (run.crew == nullptr)
    return;
  if (run.running > run.crew->limits.parallel_max)
    report("S1", run, std::to_string(run.running) + " workers run at once");
  if (e.attempt > 1)
    restart(run, *task);
}

void books::restart(run_book& run, task_book& task) {
  const auto& own = run.crew->limits;
  if (task.attempt > own.attempts_max + task.interrupted)
    report("S2", run,
           "subtask " + quoted(task.id) + " has more attempts than "
               + std::to_string(own.attempts_max));
  // That the run's actors ended is no failure of the worker.
  if (std::exchange(task.was_interrupted, false))
    return;
  run.restarts.push_back(task.start_ms);
  std::uint64_t count = 0;
  for (auto i = run.restarts.rbegin();
       i != run.restarts.rend() && *i > task.start_ms - own.restart_window_ms;
       ++i)
    ++count;
  if (count > own.restarts_max)
    report("S2", run,
           std::to_string(count) + " restarts within "
               + std::to_string(own.restart_window_ms) + " ms");
}

/// The subtask is no longer running.
void books::leave(run_book& run, task_book& task, task_now how) {
  if (task.now == task_now::running)
    --run.running;
  task.now = how;
}

/// Where a provider's failure is named, a call of this attempt had it: one of
/// an attempt that was given up counts no more.
void books::check_cause(run_book& run, const task_book& task,
                        std::string_view code) {
  const auto cause = core::parse_outcome_code(code);
  if (!cause || run.journal_broken)
    return;
  for (auto at = task.last_call; at != none; at = run.calls[at].before) {
    const auto& call = run.calls[at];
    if (call.ended && call.code == *cause && call.ended_ms >= task.start_ms)
      return;
  }
  report("H3", run,
         "subtask " + quoted(task.id) + " fails with " + quoted(code)
             + ", which no call of this attempt did");
}

void books::retry(run_book& run, const ev::task_retried& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  if (task->now != task_now::running || e.attempt != task->attempt) {
    report("H3", run,
           "subtask " + quoted(e.task)
               + " is retried though that attempt is not running");
    return;
  }
  check_cause(run, *task, e.code);
  leave(run, *task, task_now::waiting);
}

void books::succeed(run_book& run, const ev::task_succeeded& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  if (task->now == task_now::succeeded) {
    report("R2", run, "subtask " + quoted(e.task) + " succeeds twice");
    return;
  }
  if (task->now != task_now::running || e.attempt != task->attempt) {
    report("H3", run,
           "subtask " + quoted(e.task)
               + " succeeds though that attempt is not running");
    return;
  }
  leave(run, *task, task_now::succeeded);
}

void books::fail(run_book& run, const ev::task_failed& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  // Also before its first start, and in the wait for another attempt.
  if (is_over(task->now) || e.attempt != task->attempt) {
    report("H3", run,
           "subtask " + quoted(e.task)
               + " fails though it has ended or in another attempt");
    return;
  }
  if (task->now == task_now::running)
    check_cause(run, *task, e.code);
  check_refusal(run, e.code, e.message);
  check_given_up(run, *task, e.code, e.message);
  leave(run, *task, task_now::failed);
}

/// A worker that crashes or has no time is given up after its last attempt, and
/// those that ended with a life of the run are none.
void books::check_given_up(run_book& run, const task_book& task,
                           std::string_view code, std::string_view message) {
  const bool was_last =
      code == "attempt_timeout"
      || (code == "quarantined"
          && message.find("crashed in the last") != std::string_view::npos);
  if (was_last && run.crew != nullptr
      && task.attempt - task.interrupted < run.crew->limits.attempts_max)
    report("S2", run,
           "subtask " + quoted(task.id)
               + " is given up though it has attempts left");
}

void books::skip(run_book& run, const ev::task_skipped& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  if (task->now != task_now::untouched) {
    report("H3", run,
           "subtask " + quoted(e.task)
               + " is skipped though it has started or ended");
    return;
  }
  bool missing = false;
  for (std::uint32_t k = 0; k < task->edges; ++k) {
    const auto& edge = run.edges[task->first_edge + k];
    const auto how = run.tasks[edge.source].now;
    missing = missing
              || (is_over(how) && how != task_now::succeeded
                  && edge.policy == core::failure_policy::skip);
  }
  if (!missing)
    report("S1", run,
           "subtask " + quoted(e.task)
               + " is skipped though no dependency is missing");
  leave(run, *task, task_now::skipped);
}

void books::cancel(run_book& run, const ev::task_cancelled& e) {
  auto* task = known_task(run, e.task);
  if (task == nullptr)
    return;
  if (task->now != task_now::running || e.attempt != task->attempt) {
    report("H3", run,
           "subtask " + quoted(e.task)
               + " is cancelled though that attempt is not running");
    return;
  }
  leave(run, *task, task_now::cancelled);
}

void books::synthesize(run_book& run) {
  run.synthesizing = true;
  run.synthesis_ms = now->at_ms;
  // Nothing but the plan's subtasks can be waited for.
  const auto open =
      std::count_if(run.tasks.begin(), run.tasks.end(), [](const auto& task) {
        return task.now == task_now::running;
      });
  if (open != 0)
    report("S1", run, "the synthesis begins while subtasks run");
}

} // namespace brigade::testkit::detail
