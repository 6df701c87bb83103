// Synthesis, deadline, stop and end of a run.

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/run/merge.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace brigade::core {

namespace {

std::uint32_t count(const std::vector<task_state>& tasks, task_status status) {
  return static_cast<std::uint32_t>(
      std::count_if(tasks.begin(), tasks.end(), [status](const auto& task) {
        return task.status == status;
      }));
}

std::string plural(std::uint32_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

} // namespace

std::string reason_of_failure(std::string_view code) {
  static constexpr std::array budget_codes{"over_budget", "no_price",
                                           "model_stopped"};
  for (const char* known : budget_codes)
    if (code == known)
      return "over_budget";
  if (code == "deadline")
    return "deadline";
  // A worker that has no time left waits for its provider.
  if (parse_outcome_code(code) || code == "attempt_timeout"
      || code == "task_timeout")
    return "provider";
  return "task_failed";
}

std::vector<task_result> run_machine::results() const {
  std::vector<task_result> all;
  all.reserve(state_.tasks.size());
  for (std::size_t i = 0; i < state_.tasks.size(); ++i) {
    const auto& task = state_.tasks[i];
    const bool succeeded = task.status == task_status::succeeded;
    all.push_back({&state_.plan->tasks[i], succeeded ? &task.result : nullptr,
                   succeeded ? std::string_view{} : to_string(task.status)});
  }
  return all;
}

/// Why a run has gaps: the reason that a user can do most about comes first.
std::string run_machine::gap_reason() const {
  static constexpr std::array by_weight{"over_budget", "deadline", "provider",
                                        "task_failed"};
  for (const char* reason : by_weight)
    for (const auto& task : state_.tasks)
      if (task.status == task_status::failed
          && reason_of_failure(task.error_code) == reason)
        return reason;
  return "task_failed";
}

void run_machine::begin_synthesis(run_step& step, std::int64_t now_ms) {
  find_due();
  const auto succeeded = count(state_.tasks, task_status::succeeded);
  const auto gaps = static_cast<std::uint32_t>(state_.tasks.size()) - succeeded;
  if (succeeded == 0) {
    wind_down(step, run_status::failed, gap_reason(),
              "no subtask succeeded, so there is nothing to answer from",
              now_ms);
    return;
  }
  if (crew_of().synthesizer.kind == synthesizer_kind::merge) {
    merge_without_model(step, now_ms);
    conclude(step, now_ms);
    return;
  }
  emit(step, events::synthesis_started{"llm", succeeded, gaps}, now_ms);
  start_synthesis(step, now_ms);
}

void run_machine::start_synthesis(run_step& step, std::int64_t now_ms) {
  step.effects.push_back(run_effects::start_synthesizer{
      synthesizer_request(crew_of(), order_.goal, state_.plan->analysis,
                          results()),
      step_deadline(now_ms)});
  synthesis_ends_ms_ = step_deadline(now_ms) + worker_grace_ms;
}

void run_machine::merge_without_model(run_step& step, std::int64_t now_ms) {
  const auto succeeded = count(state_.tasks, task_status::succeeded);
  emit(step,
       events::synthesis_started{"merge", succeeded,
                                 static_cast<std::uint32_t>(state_.tasks.size())
                                     - succeeded},
       now_ms);
  answer_ = shared_text{merge_results(order_.goal, results())};
  emit(step, events::synthesis_succeeded{answer_}, now_ms);
}

run_step run_machine::on_synthesis_done(shared_text answer,
                                        std::int64_t now_ms) {
  run_step step;
  if (verdict_ || stopping_ || state_.phase != run_phase::synthesizing)
    return step;
  answer_ = answer;
  emit(step, events::synthesis_succeeded{std::move(answer)}, now_ms);
  conclude(step, now_ms);
  return step;
}

run_step run_machine::on_synthesis_failed(std::string code, std::string message,
                                          std::int64_t now_ms) {
  run_step step;
  if (verdict_ || stopping_ || state_.phase != run_phase::synthesizing)
    return step;
  if (code == storage_failure)
    return on_storage_failed(now_ms);
  const auto reason = reason_of_failure(code);
  const auto shown = "the synthesizer's call failed, so the results are "
                     "merged without a model: "
                     + message;
  emit(step, events::synthesis_failed{std::move(code), std::move(message)},
       now_ms);
  // Paid results are never thrown away: they stand side by side instead.
  merge_without_model(step, now_ms);
  wind_down(step, run_status::partial,
            reason == "task_failed" ? "synthesis_failed" : reason, shown,
            now_ms);
  return step;
}

/// All subtasks are terminal and there is an answer.
void run_machine::conclude(run_step& step, std::int64_t now_ms) {
  const auto total = static_cast<std::uint32_t>(state_.tasks.size());
  const auto succeeded = count(state_.tasks, task_status::succeeded);
  if (succeeded == total) {
    wind_down(step, run_status::succeeded, "",
              plural(total, "subtask") + " succeeded", now_ms);
    return;
  }
  wind_down(step, run_status::partial, gap_reason(),
            "the answer has gaps: " + std::to_string(succeeded) + " of "
                + plural(total, "subtask") + " succeeded",
            now_ms);
}

void run_machine::end_at_deadline(run_step& step, std::int64_t now_ms) {
  const auto limit_s = state_.deadline_ms / 1000;
  const auto message = "the run reached its deadline of "
                       + std::to_string(limit_s) + " s (limits.run_deadline_s)";
  const bool has_results = count(state_.tasks, task_status::succeeded) > 0;
  cancel_tasks(step, "deadline", now_ms);
  if (!has_results) {
    wind_down(step, run_status::failed, "deadline", message, now_ms);
    return;
  }
  // What is paid for is shown, without another call.
  merge_without_model(step, now_ms);
  wind_down(step, run_status::partial, "deadline", message, now_ms);
}

/// Stops in reverse order of start: the synthesizer, then the workers from the
/// last subtask of the plan to the first.
void run_machine::cancel_tasks(run_step& step, const std::string& reason,
                               std::int64_t now_ms) {
  if (state_.phase == run_phase::synthesizing)
    step.effects.push_back(run_effects::stop_synthesizer{});
  bool any = false;
  for (auto i = state_.tasks.size(); i-- > 0;) {
    set_timer(i, 0, 0);
    if (state_.tasks[i].status != task_status::running)
      continue;
    any = true;
    emit(step,
         events::task_cancelled{state_.plan->tasks[i].id,
                                state_.tasks[i].attempts, reason},
         now_ms);
  }
  if (any)
    step.effects.push_back(run_effects::stop_all_workers{});
}

/// Settles what `run.finished` will say and closes the till; the terminal
/// event follows once nothing is reserved any more (rule L2).
void run_machine::wind_down(run_step& step, run_status status,
                            std::string reason, std::string message,
                            std::int64_t now_ms) {
  if (verdict_)
    return;
  // The till first: from then on nothing is sent, however many workers there
  // are to stop.
  step.effects.push_back(run_effects::close_till{});
  cancel_tasks(step, reason, now_ms);
  // Should the run's actors die before its end is written, their next life
  // ends it in the same way.
  emit(step, events::run_ending{status, reason, message, answer_}, now_ms);
  verdict_ = events::run_finished{status, std::move(reason), std::move(message),
                                  answer_};
}

run_step run_machine::on_stop(stop_kind kind, std::string reason,
                              std::int64_t now_ms) {
  run_step step;
  // Nothing works for a run that begins to wait, so that it can end as well.
  if (kind == stop_kind::cancel && !ended_ && stop_reason_ == approval_reason)
    stopping_.reset();
  if (verdict_ || stopping_)
    return step;
  if (kind == stop_kind::cancel) {
    wind_down(step, run_status::cancelled, "cancelled",
              "the run was cancelled: " + reason, now_ms);
    return step;
  }
  stand_still(step, std::move(reason));
  if (state_.phase == run_phase::synthesizing)
    step.effects.push_back(run_effects::stop_synthesizer{});
  step.effects.push_back(run_effects::stop_all_workers{});
  return step;
}

run_step run_machine::on_breach(const std::string& model, std::int64_t now_ms) {
  static_cast<void>(now_ms);
  if (breached_model_.empty())
    breached_model_ = model;
  return {};
}

run_step run_machine::on_till_closed(std::int64_t now_ms) {
  run_step step;
  if (ended_ || (!verdict_ && !stopping_))
    return step;
  ended_ = true;
  if (verdict_)
    emit(step, *verdict_, now_ms);
  else
    emit(step, events::run_suspended{stop_reason_}, now_ms);
  step.effects.push_back(run_effects::end_run{});
  return step;
}

run_step run_machine::on_internal_failure(std::string message,
                                          std::int64_t now_ms) {
  run_step step;
  if (!is_stopping())
    wind_down(step, run_status::failed, "internal", std::move(message), now_ms);
  return step;
}

run_step run_machine::on_storage_failed(std::int64_t now_ms) {
  if (ended_)
    return {};
  // A verdict that could not be stored is none, and its effects were not
  // performed.
  verdict_.reset();
  stopping_.reset();
  return on_stop(stop_kind::suspend, std::string{storage_failure}, now_ms);
}

} // namespace brigade::core
