// How a run goes on where its events end.

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/plan/plan_cost.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/weighed_plan.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

namespace {

task_end end_of(const task_state& task) {
  switch (task.status) {
  case task_status::succeeded:
    return task_end::succeeded;
  case task_status::failed:
  case task_status::cancelled:
    return task_end::failed;
  case task_status::skipped:
    return task_end::skipped;
  case task_status::not_started:
  case task_status::running:
    break;
  }
  return task_end::none;
}

} // namespace

run_step run_machine::resume(run_state past,
                             std::optional<approval_decision> decision,
                             std::int64_t now_ms) {
  run_step step;
  state_ = std::move(past);
  last_seq_ = state_.last_seq;
  answer_ = state_.answer;
  breached_model_ = state_.breached_model;
  plan_generation_ = state_.plans_rejected;
  // Of a plan that was given instead nothing but its acceptance counts.
  approved_ = state_.approval_answer && state_.phase != run_phase::planning;
  spent_ = spent_on_plan(state_);
  timers_.resize(state_.tasks.size());
  for (const auto at_ms : state_.restarts_ms)
    static_cast<void>(restarts_.allow(at_ms));
  if (state_.ending) {
    // It was decided how the run ends; nothing is bought for that.
    const auto& e = *state_.ending;
    verdict_ = events::run_finished{e.status, e.reason, e.message, e.answer};
    step.effects.push_back(run_effects::close_till{});
    return step;
  }
  if (decision) {
    decide(step, std::move(*decision), now_ms);
    return step;
  }
  if (state_.awaits_approval()) {
    stand_still(step, std::string{approval_reason});
    return step;
  }
  switch (state_.phase) {
  case run_phase::planning:
    plan_again(step, now_ms);
    break;
  case run_phase::working:
    work_again(step, now_ms);
    break;
  case run_phase::synthesizing:
    synthesize_again(step, now_ms);
    break;
  case run_phase::finished:
    break;
  }
  return step;
}

void run_machine::plan_again(run_step& step, std::int64_t now_ms) {
  if (order_.plan_text) {
    take_proposal(step, shared_text{*order_.plan_text}, now_ms);
    return;
  }
  if (plan_generation_ == 0) {
    ask_planner(step, planner_request(crew_of(), order_.goal, *order_.inputs),
                now_ms);
    return;
  }
  if (plan_generation_ > crew_of().limits.repairs_max) {
    wind_down(step, run_status::failed, "plan_rejected",
              "the plan has faults and no repairs are left", now_ms);
    return;
  }
  ask_planner(step,
              repair_request(crew_of(), order_.goal, *order_.inputs,
                             state_.proposal.view(), state_.faults),
              now_ms);
}

void run_machine::work_again(run_step& step, std::int64_t now_ms) {
  const auto& accepted = *state_.plan;
  if (order_.plan_only) {
    wind_down(step, run_status::succeeded, "", "the plan is valid", now_ms);
    return;
  }
  if (accepted.tasks.empty()) {
    answer_ = shared_text{accepted.answer.value_or("")};
    wind_down(step, run_status::succeeded, "", "the planner answered itself",
              now_ms);
    return;
  }
  if (must_be_approved()) {
    ask_approval(step, now_ms);
    return;
  }
  std::vector<task_end> ends;
  ends.reserve(state_.tasks.size());
  for (std::size_t i = 0; i < state_.tasks.size(); ++i) {
    const auto& task = state_.tasks[i];
    ends.push_back(end_of(task));
    // A worker that the crew no longer has ends its subtask when it starts.
    if (task.started_ms && find_worker(crew_of(), accepted.tasks[i].worker))
      timers_[i].task_ends_ms = std::min(
          state_.deadline_ms, *task.started_ms
                                  + std::max(crew_of().limits.task_timeout_ms,
                                             attempt_limit_ms(i)));
  }
  keep_share_back(step);
  schedule_.emplace(accepted, rules_of(crew_of()));
  after_task(step, schedule_->restore(ends), now_ms);
}

/// What is still to be kept for the synthesis, as at the plan's acceptance.
void run_machine::keep_share_back(run_step& step) {
  const auto cost =
      cost_of_plan(crew_of(), order_.goal, *state_.plan, *order_.inputs);
  step.effects.push_back(
      run_effects::keep_back{cost.synthesis_share, state_.tasks.size()});
}

void run_machine::synthesize_again(run_step& step, std::int64_t now_ms) {
  keep_share_back(step);
  if (!answer_.empty()) {
    conclude(step, now_ms);
    return;
  }
  if (crew_of().synthesizer.kind == synthesizer_kind::merge) {
    merge_without_model(step, now_ms);
    conclude(step, now_ms);
    return;
  }
  start_synthesis(step, now_ms);
}

} // namespace brigade::core
