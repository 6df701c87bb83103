// A plan that waits for somebody's approval, and what becomes of it.

#include "brigade/core/plan/plan_estimate.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/run_summary.hpp"

#include <utility>

namespace brigade::core {

namespace {

/// What the run's calls so far say of its models.
model_estimates estimates_of(const run_state& state) {
  model_estimates known;
  for (const auto& call : state.calls)
    if (call.settled && call.usage_known && call.nested_run.empty())
      known[call.model].learn(call.worst_case, call.charged);
  return known;
}

std::string with_comment(std::string sentence, const std::string& comment) {
  if (!comment.empty())
    sentence += ": " + comment;
  return sentence;
}

} // namespace

/// By what the run was submitted with, so that no later life forgets it.
bool run_machine::must_be_approved() const {
  return state_.approval == "plan" && !approved_;
}

/// In one step with the plan's acceptance, so that no life finds one without
/// the other.
void run_machine::ask_approval(run_step& step, std::int64_t now_ms) {
  const auto left = ceiling_of(order_) - spent_;
  auto estimate =
      estimate_plan(crew_of(), order_.goal, *state_.plan, *order_.inputs,
                    estimates_of(state_), left.cost);
  emit(step,
       events::approval_requested{state_.approval_timeout_ms, estimate.low,
                                  estimate.expected, estimate.worst,
                                  std::move(estimate.critical_path)},
       now_ms);
  stand_still(step, std::string{approval_reason});
}

/// Closes the till; `run.suspended` follows once nothing is under way.
void run_machine::stand_still(run_step& step, std::string reason) {
  stopping_ = stop_kind::suspend;
  stop_reason_ = std::move(reason);
  step.effects.push_back(run_effects::close_till{true});
}

void run_machine::decide(run_step& step, approval_decision decision,
                         std::int64_t now_ms) {
  const auto comment =
      beginning_of(decision.comment, approval_comment_bytes_max);
  if (decision.kind == decision_kind::cancel) {
    wind_down(step, run_status::cancelled, "cancelled",
              with_comment("the run was cancelled", comment), now_ms);
    return;
  }
  if (!state_.awaits_approval()) {
    stand_still(step, "user");
    return;
  }
  const auto given = [&](std::string what) {
    emit(step,
         events::approval_given{std::move(what), std::move(decision.by),
                                comment},
         now_ms);
  };
  switch (decision.kind) {
  case decision_kind::approve:
    approved_ = true;
    given(decision.plan_text ? "edited" : "approved");
    if (decision.plan_text)
      take_proposal(step, shared_text{std::move(*decision.plan_text)}, now_ms);
    else
      work_again(step, now_ms);
    break;
  case decision_kind::reject:
    given("rejected");
    wind_down(step, run_status::cancelled, "approval_rejected",
              with_comment("the plan was rejected", comment), now_ms);
    break;
  case decision_kind::expire:
    given("expired");
    wind_down(step, run_status::cancelled, "approval_expired",
              "nobody approved the plan within "
                  + std::to_string(state_.approval_timeout_ms / 1000)
                  + " s (limits.approval_timeout_s)",
              now_ms);
    break;
  case decision_kind::cancel:
    break;
  }
}

} // namespace brigade::core
