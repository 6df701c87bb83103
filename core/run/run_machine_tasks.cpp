// Subtasks: attempts, time limits, restarts.

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/policy/retry.hpp"
#include "brigade/core/run/nested.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace brigade::core {

namespace {

/// Failures after which a new life of the worker can succeed.
bool is_worth_an_attempt(const std::string& code) {
  return code == "crashed" || code == "attempt_timeout";
}

/// Failures that say that the attempt had no more time.
bool is_timeout(const std::string& code) {
  return code == "attempt_timeout" || code == "deadline"
         || code == to_string(outcome_code::timed_out);
}

} // namespace

void run_machine::start_ready(run_step& step, std::int64_t now_ms) {
  for (auto task : schedule_->start_ready())
    if (!verdict_)
      start_attempt(step, task, now_ms);
}

/// Whether this attempt has time and a restart left; ends the subtask if not.
bool run_machine::may_start(run_step& step, std::size_t task,
                            std::uint32_t attempt, std::int64_t now_ms) {
  const auto& what = state_.plan->tasks[task];
  if (!breached_model_.empty()) {
    end_task(step, task, "over_budget",
             "model \"" + breached_model_
                 + "\" billed more than was reserved, so the run winds down",
             now_ms);
    return false;
  }
  const auto* worker = find_worker(crew_of(), what.worker);
  if (worker == nullptr) {
    end_task(step, task, "no_worker",
             "the crew has no worker \"" + what.worker + "\" any more", now_ms);
    return false;
  }
  if (worker->nested && nesting_left(order_) == 0) {
    end_task(step, task, "nested_too_deep",
             "no further run may be nested here (limits.nesting_max)", now_ms);
    return false;
  }
  if (attempt == 1)
    return true;
  if (now_ms >= timers_[task].task_ends_ms) {
    end_task(step, task, "task_timeout",
             "its time ran out before it could be started again "
             "(limits.task_timeout_s)",
             now_ms);
    return false;
  }
  // That the run's actors ended is no failure of the worker.
  if (state_.tasks[task].error_code == interrupted_code)
    return true;
  if (!restarts_.allow(now_ms)) {
    end_task(step, task, "quarantined",
             "the run had " + std::to_string(crew_of().limits.restarts_max)
                 + " restarts within "
                 + std::to_string(crew_of().limits.restart_window_ms / 1000)
                 + " s (limits.restarts_max)",
             now_ms);
    return false;
  }
  return true;
}

void run_machine::start_attempt(run_step& step, std::size_t task,
                                std::int64_t now_ms) {
  const auto& what = state_.plan->tasks[task];
  const auto attempt = state_.tasks[task].attempts + 1;
  const bool goes_on = state_.tasks[task].interrupted > 0;
  if (!may_start(step, task, attempt, now_ms)) {
    // A nested run of an earlier life may still be going.
    if (goes_on)
      give_up_purchases(step, task);
    return;
  }
  emit(step, events::task_started{what.id, attempt}, now_ms);
  std::vector<dependency_result> dependencies;
  dependencies.reserve(what.depends_on.size());
  for (const auto& edge : what.depends_on) {
    const auto source = *find_task(*state_.plan, edge.task);
    const auto& ended = state_.tasks[source];
    dependencies.push_back(
        {edge.task, state_.plan->tasks[source].worker,
         ended.status == task_status::succeeded ? &ended.result : nullptr});
  }
  const auto* worker = find_worker(crew_of(), what.worker);
  const auto limit_ms = attempt_limit_ms(task);
  auto& task_ends_ms = timers_[task].task_ends_ms;
  if (attempt == 1)
    task_ends_ms =
        std::min(state_.deadline_ms,
                 now_ms + std::max(crew_of().limits.task_timeout_ms, limit_ms));
  const auto deadline_ms = std::min(task_ends_ms, now_ms + limit_ms);
  set_timer(task, deadline_ms + worker_grace_ms, 0);
  run_effects::start_worker effect{task, attempt, {}, deadline_ms, nullptr};
  if (worker->nested)
    effect.nested = std::make_shared<const run_order>(
        nested_order(order_, worker->nested, what, dependencies));
  else
    effect.request = worker_request(crew_of(), order_.goal, what,
                                    *order_.inputs, dependencies);
  step.effects.push_back(std::move(effect));
}

/// What one attempt may take. A nested run is bounded by its own deadline where
/// nothing else is said.
std::int64_t run_machine::attempt_limit_ms(std::size_t task) const {
  const auto* worker = find_worker(crew_of(), state_.plan->tasks[task].worker);
  return worker->attempt_timeout_ms.value_or(
      worker->nested ? worker->nested->limits.run_deadline_ms
                     : crew_of().limits.attempt_timeout_ms);
}

bool run_machine::is_current(std::size_t task, std::uint32_t attempt) const {
  return !verdict_ && !stopping_ && state_.phase == run_phase::working
         && task < state_.tasks.size()
         && state_.tasks[task].status == task_status::running
         && state_.tasks[task].attempts == attempt;
}

run_step run_machine::on_task_done(std::size_t task, std::uint32_t attempt,
                                   shared_text result, std::int64_t now_ms) {
  run_step step;
  if (!is_current(task, attempt))
    return step;
  set_timer(task, 0, 0);
  emit(step,
       events::task_succeeded{state_.plan->tasks[task].id, attempt,
                              std::move(result)},
       now_ms);
  schedule_->succeeded(task);
  after_task(step, {}, now_ms);
  return step;
}

run_step run_machine::on_task_failed(std::size_t task, std::uint32_t attempt,
                                     std::string code, std::string message,
                                     std::int64_t now_ms) {
  run_step step;
  if (!is_current(task, attempt))
    return step;
  if (code == storage_failure)
    return on_storage_failed(now_ms);
  fail_task(step, task, std::move(code), std::move(message), now_ms);
  return step;
}

/// Which of the three limits of a worker's time has been reached.
std::string run_machine::code_of_timeout(std::size_t task,
                                         std::int64_t now_ms) const {
  const auto& timer = timers_[task];
  const auto attempt_ends_ms = timer.attempt_ends_ms - worker_grace_ms;
  // A try that had less time than its attempt.
  if (now_ms < attempt_ends_ms)
    return std::string{to_string(outcome_code::timed_out)};
  if (attempt_ends_ms >= state_.deadline_ms)
    return "deadline";
  return attempt_ends_ms >= timer.task_ends_ms ? "task_timeout"
                                               : "attempt_timeout";
}

void run_machine::fail_task(run_step& step, std::size_t task, std::string code,
                            std::string message, std::int64_t now_ms) {
  const auto& id = state_.plan->tasks[task].id;
  const auto attempt = state_.tasks[task].attempts;
  if (is_timeout(code))
    code = code_of_timeout(task, now_ms);
  set_timer(task, 0, 0);
  if (!is_worth_an_attempt(code)) {
    end_task(step, task, std::move(code), std::move(message), now_ms);
    return;
  }
  const auto interrupted = state_.tasks[task].interrupted;
  if (attempt - interrupted >= crew_of().limits.attempts_max) {
    // A subtask that breaks its worker each time is not tried again.
    if (code == "crashed") {
      give_up_purchases(step, task);
      end_task(step, task, "quarantined",
               "its worker crashed in the last of " + std::to_string(attempt)
                   + " attempts",
               now_ms);
    } else {
      end_task(step, task, std::move(code), std::move(message), now_ms);
    }
    return;
  }
  const auto delay_ms = std::max<std::int64_t>(
      1, backoff_ms(retry_policy_of(crew_of().limits), attempt, jitter_()));
  const auto task_ends_ms = timers_[task].task_ends_ms;
  if (now_ms + delay_ms >= task_ends_ms) {
    give_up_purchases(step, task);
    end_task(step, task,
             task_ends_ms >= state_.deadline_ms ? "deadline" : "task_timeout",
             "no time is left for another attempt: " + message, now_ms);
    return;
  }
  emit(step,
       events::task_retried{id, attempt, delay_ms, std::move(code),
                            std::move(message)},
       now_ms);
  schedule_->waits(task);
  set_timer(task, 0, now_ms + delay_ms);
  start_ready(step, now_ms);
}

/// Nobody takes over what a crashed worker was buying.
void run_machine::give_up_purchases(run_step& step, std::size_t task) {
  step.effects.push_back(
      run_effects::stop_worker{task, state_.tasks[task].attempts});
}

void run_machine::end_task(run_step& step, std::size_t task, std::string code,
                           std::string message, std::int64_t now_ms) {
  set_timer(task, 0, 0);
  emit(step,
       events::task_failed{state_.plan->tasks[task].id,
                           state_.tasks[task].attempts, std::move(code),
                           std::move(message)},
       now_ms);
  after_task(step, schedule_->failed(task), now_ms);
}

/// Follows up on a subtask that became terminal.
void run_machine::after_task(run_step& step, schedule_effects follows,
                             std::int64_t now_ms) {
  for (auto& skipped : follows.skipped)
    emit(step,
         events::task_skipped{state_.plan->tasks[skipped.task].id,
                              std::move(skipped.missing)},
         now_ms);
  if (follows.abort) {
    wind_down(step, run_status::failed, "aborted",
              "a subtask failed whose policy is abort; its siblings' results "
              "are in the report",
              now_ms);
    return;
  }
  if (schedule_->all_terminal())
    begin_synthesis(step, now_ms);
  else
    start_ready(step, now_ms);
}

run_step run_machine::on_time(std::int64_t now_ms) {
  run_step step;
  if (verdict_ || stopping_)
    return step;
  if (now_ms >= state_.deadline_ms) {
    end_at_deadline(step, now_ms);
    return step;
  }
  if (synthesis_ends_ms_ != 0 && now_ms >= synthesis_ends_ms_) {
    synthesis_ends_ms_ = 0;
    return on_synthesis_failed("attempt_timeout",
                               "the synthesizer did not finish within its "
                               "time limit",
                               now_ms);
  }
  for (std::size_t task = 0; task < timers_.size(); ++task) {
    auto& timer = timers_[task];
    if (timer.attempt_ends_ms != 0 && now_ms >= timer.attempt_ends_ms) {
      step.effects.push_back(
          run_effects::stop_worker{task, state_.tasks[task].attempts});
      fail_task(step, task, "attempt_timeout",
                "the worker did not finish within its time limit", now_ms);
    } else if (timer.retry_at_ms != 0 && now_ms >= timer.retry_at_ms) {
      timer.retry_at_ms = 0;
      schedule_->wakes(task);
      start_ready(step, now_ms);
    }
    if (verdict_)
      break;
  }
  find_due();
  return step;
}

void run_machine::set_timer(std::size_t task, std::int64_t attempt_ends_ms,
                            std::int64_t retry_at_ms) {
  timers_[task].attempt_ends_ms = attempt_ends_ms;
  timers_[task].retry_at_ms = retry_at_ms;
  for (auto due : {attempt_ends_ms, retry_at_ms})
    if (due != 0)
      tasks_due_ms_ = std::min(tasks_due_ms_, due);
}

void run_machine::find_due() {
  tasks_due_ms_ = std::numeric_limits<std::int64_t>::max();
  for (std::size_t task = 0; task < timers_.size(); ++task)
    set_timer(task, timers_[task].attempt_ends_ms, timers_[task].retry_at_ms);
}

std::int64_t run_machine::next_due_ms() const {
  const auto due = std::min(state_.deadline_ms, tasks_due_ms_);
  return synthesis_ends_ms_ != 0 ? std::min(due, synthesis_ends_ms_) : due;
}

} // namespace brigade::core
