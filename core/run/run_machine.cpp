// Planning and subtasks. How a run ends stands in run_machine_end.cpp.

#include "brigade/core/run/run_machine.hpp"

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/plan/plan_check.hpp"
#include "brigade/core/plan/plan_cost.hpp"
#include "brigade/core/policy/retry.hpp"
#include "brigade/core/run/nested.hpp"

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

/// The schedule's rules; the policy of an edge is its own, else its worker's,
/// else the crew's.
schedule_rules rules_of(const crew& c) {
  schedule_rules rules;
  rules.parallel_max = c.limits.parallel_max;
  rules.crew_policy = c.if_dependency_failed;
  rules.policy_of = [&c](const subtask& dependant, const dependency& edge) {
    if (edge.if_failed)
      return *edge.if_failed;
    const auto* worker = find_worker(c, dependant.worker);
    return worker != nullptr && worker->if_dependency_failed
             ? *worker->if_dependency_failed
             : c.if_dependency_failed;
  };
  return rules;
}

events::run_submitted submitted(const run_order& order) {
  events::run_submitted body;
  body.goal = order.goal;
  body.crew = order.crew->name;
  body.deadline_ms = deadline_of(order);
  const auto ceiling = ceiling_of(order);
  body.ceiling = ceiling.cost;
  if (ceiling.tokens != unlimited)
    body.tokens_max = ceiling.tokens;
  if (ceiling.calls != unlimited)
    body.calls_max = ceiling.calls;
  if (order.crew->limits.estimate == estimate_kind::typical)
    body.estimate = "typical";
  body.parent_run = order.parent_run;
  body.parent_task = order.parent_task;
  for (const auto& document : *order.inputs)
    body.inputs.push_back({document.id(), document.name(),
                           document.text().size(), document.line_count()});
  return body;
}

} // namespace

allowance ceiling_of(const run_order& order) {
  const auto& own = order.crew->limits;
  const allowance ceiling{order.ceiling.value_or(own.cost),
                          own.tokens_max.value_or(unlimited),
                          own.calls_max.value_or(unlimited),
                          own.tasks_total_max.value_or(unlimited)};
  return order.slice ? min(ceiling, *order.slice) : ceiling;
}

std::int64_t deadline_of(const run_order& order) {
  const auto own = order.crew->limits.run_deadline_ms;
  return order.deadline_ms ? std::min(own, *order.deadline_ms) : own;
}

run_machine::run_machine(run_order order, std::function<double()> jitter)
  : order_(std::move(order)), jitter_(std::move(jitter)),
    restarts_(order_.crew->limits.restarts_max,
              order_.crew->limits.restart_window_ms) {
  if (!order_.inputs)
    order_.inputs = std::make_shared<const input_set>();
}

void run_machine::emit(run_step& step, event_body body, std::int64_t now_ms) {
  // The machine's own numbering; the journal assigns the real sequence.
  state_.apply(event{++last_seq_, 0, now_ms, body});
  step.events.push_back(std::move(body));
}

std::int64_t run_machine::step_deadline(std::int64_t now_ms) const {
  return std::min(state_.deadline_ms,
                  now_ms + crew_of().limits.attempt_timeout_ms);
}

// -- planning -----------------------------------------------------------------

run_step run_machine::start(std::int64_t now_ms) {
  run_step step;
  emit(step, submitted(order_), now_ms);
  if (order_.plan_text)
    take_proposal(step, shared_text{*order_.plan_text}, now_ms);
  else
    ask_planner(step, planner_request(crew_of(), order_.goal, *order_.inputs),
                now_ms);
  return step;
}

void run_machine::ask_planner(run_step& step, model_request request,
                              std::int64_t now_ms) {
  planner_ends_ms_ = step_deadline(now_ms);
  step.effects.push_back(run_effects::ask_planner{
    std::move(request), plan_generation_, planner_ends_ms_});
}

run_step run_machine::on_plan_call(const call_step& ended,
                                   std::int64_t now_ms) {
  run_step step;
  if (verdict_ || stopping_ || state_.phase != run_phase::planning)
    return step;
  if (const auto* failed = std::get_if<call_failed>(&ended)) {
    if (failed->code == storage_failure)
      return on_storage_failed(now_ms);
    if (failed->code == to_string(outcome_code::timed_out)
        && planner_ends_ms_ == state_.deadline_ms) {
      end_at_deadline(step, now_ms);
      return step;
    }
    wind_down(step, run_status::failed, reason_of_failure(failed->code),
              "the planner's call failed: " + failed->message, now_ms);
    return step;
  }
  const auto& reply = std::get<call_succeeded>(ended).reply;
  if (reply.finish == finish_reason::refused) {
    wind_down(step, run_status::failed, "plan_rejected",
              "the planner refused to make a plan", now_ms);
    return step;
  }
  take_proposal(step, reply.text, now_ms);
  return step;
}

void run_machine::take_proposal(run_step& step, const shared_text& text,
                                std::int64_t now_ms) {
  emit(step, events::plan_proposed{plan_generation_, text}, now_ms);
  plan_rules rules;
  for (const auto& worker : crew_of().workers)
    rules.workers.push_back(worker.name);
  rules.inputs = order_.inputs.get();
  const auto tasks_total_max = ceiling_of(order_).tasks;
  rules.tasks_max = static_cast<std::uint32_t>(
    std::min<std::uint64_t>(crew_of().limits.tasks_max, tasks_total_max));
  rules.depth_max = crew_of().limits.depth_max;
  rules.direct_answer = crew_of().planner.direct_answer;
  auto checked = check_plan(text.view(), rules);
  if (checked.value)
    accept(step, text, std::move(*checked.value), now_ms);
  else
    reject(step, text, std::move(checked.faults), now_ms);
}

void run_machine::accept(run_step& step, const shared_text& text,
                         plan accepted, std::int64_t now_ms) {
  const auto cost
    = cost_of_plan(crew_of(), order_.goal, accepted, *order_.inputs);
  // Calls of the planner are reckoned by the till; its worst case is small
  // beside the plan's, and a plan that just fits may still end `partial`.
  auto left = ceiling_of(order_);
  left = left - allowance{{}, 0, 0, accepted.tasks.size()};
  if (auto fault = check_cost(cost, left)) {
    reject(step, text, {std::move(*fault)}, now_ms);
    return;
  }
  const auto kept = std::make_shared<const plan>(std::move(accepted));
  const auto share = kept->tasks.empty() ? allowance{} : cost.synthesis_share;
  emit(step, events::plan_accepted{kept, share.cost, share.tokens}, now_ms);
  timers_.resize(kept->tasks.size());
  if (order_.plan_only) {
    wind_down(step, run_status::succeeded, "", "the plan is valid", now_ms);
    return;
  }
  if (kept->tasks.empty()) {
    answer_ = shared_text{kept->answer.value_or("")};
    wind_down(step, run_status::succeeded, "", "the planner answered itself",
              now_ms);
    return;
  }
  step.effects.push_back(run_effects::keep_back{share, kept->tasks.size()});
  schedule_.emplace(*kept, rules_of(crew_of()));
  start_ready(step, now_ms);
}

void run_machine::reject(run_step& step, const shared_text& text,
                         std::vector<plan_fault> faults, std::int64_t now_ms) {
  emit(step, events::plan_rejected{plan_generation_, faults}, now_ms);
  if (order_.plan_text || plan_generation_ >= crew_of().limits.repairs_max) {
    const auto count = faults.size();
    wind_down(step, run_status::failed, "plan_rejected",
              "the plan has " + std::to_string(count)
                + (count == 1 ? " fault" : " faults")
                + (plan_generation_ > 0
                     ? " after " + std::to_string(plan_generation_)
                         + (plan_generation_ == 1 ? " repair" : " repairs")
                     : ""),
              now_ms);
    return;
  }
  ++plan_generation_;
  ask_planner(step,
              repair_request(crew_of(), order_.goal, *order_.inputs,
                             text.view(), faults),
              now_ms);
}

// -- subtasks -----------------------------------------------------------------

void run_machine::start_ready(run_step& step, std::int64_t now_ms) {
  for (auto task : schedule_->start_ready())
    if (!verdict_)
      start_attempt(step, task, now_ms);
}

/// Whether this attempt has time and a restart left; ends the subtask if not.
bool run_machine::may_start(run_step& step, std::size_t task,
                            std::uint32_t attempt, std::int64_t now_ms) {
  const auto& what = state_.plan->tasks[task];
  if (find_worker(crew_of(), what.worker)->nested && nesting_left(order_) == 0) {
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
  if (!may_start(step, task, attempt, now_ms))
    return;
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
  const auto& bounds = crew_of().limits;
  // A nested run is bounded by its own deadline where nothing else is said.
  const auto attempt_limit_ms = worker->attempt_timeout_ms.value_or(
    worker->nested ? worker->nested->limits.run_deadline_ms
                   : bounds.attempt_timeout_ms);
  auto& task_ends_ms = timers_[task].task_ends_ms;
  if (attempt == 1)
    task_ends_ms
      = std::min(state_.deadline_ms,
                 now_ms + std::max(bounds.task_timeout_ms, attempt_limit_ms));
  const auto deadline_ms = std::min(task_ends_ms, now_ms + attempt_limit_ms);
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
  if (attempt >= crew_of().limits.attempts_max) {
    // A subtask that breaks its worker each time is not tried again.
    if (code == "crashed")
      end_task(step, task, "quarantined",
               "its worker crashed in the last of "
                 + std::to_string(attempt) + " attempts",
               now_ms);
    else
      end_task(step, task, std::move(code), std::move(message), now_ms);
    return;
  }
  const auto delay_ms = std::max<std::int64_t>(
    1, backoff_ms(retry_policy_of(crew_of().limits), attempt, jitter_()));
  const auto task_ends_ms = timers_[task].task_ends_ms;
  if (now_ms + delay_ms >= task_ends_ms) {
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
    return on_synthesis_failed("task_timeout",
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
