// Planning. Subtasks stand in run_machine_tasks.cpp, how a run ends in
// run_machine_end.cpp.

#include "brigade/core/run/run_machine.hpp"

#include "brigade/core/model/digest.hpp"
#include "brigade/core/model/prompt.hpp"
#include "brigade/core/run/weighed_plan.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

/// The policy of an edge is its own, else its worker's, else the crew's.
schedule_rules run_machine::rules_of(const crew& c) {
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

std::vector<input_info> infos_of(const input_set& inputs) {
  std::vector<input_info> infos;
  for (const auto& document : inputs)
    infos.push_back({document.id(), document.name(), document.text().size(),
                     document.line_count(), sha256_hex(document.text())});
  return infos;
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
  for (const auto& model : order.crew->models)
    if (model.price_basis == price_basis::tokens_only)
      body.prices = "tokens_only";
    else if (model.price_basis == price_basis::worst_case
             && body.prices == "billed")
      body.prices = "worst_case";
  body.parent_run = order.parent_run;
  body.parent_task = order.parent_task;
  body.client = order.client;
  if (asks_approval(order)) {
    body.approval = "plan";
    body.approval_timeout_ms = order.crew->limits.approval_timeout_ms;
  }
  if (order.inputs)
    body.inputs = infos_of(*order.inputs);
  if (order.source)
    body.crew_hash = sha256_hex(order.source->crew);
  return body;
}

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
  auto weighed = weigh_plan(order_, spent_, text.view());
  if (weighed.value)
    accept(step, std::move(*weighed.value), weighed.cost.synthesis_share,
           now_ms);
  else
    reject(step, text, std::move(weighed.faults), now_ms);
}

void run_machine::accept(run_step& step, plan accepted,
                         const allowance& kept_back, std::int64_t now_ms) {
  const auto kept = std::make_shared<const plan>(std::move(accepted));
  const auto share = kept->tasks.empty() ? allowance{} : kept_back;
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
  if (must_be_approved()) {
    ask_approval(step, now_ms);
    return;
  }
  step.effects.push_back(run_effects::keep_back{share, kept->tasks.size()});
  schedule_.emplace(*kept, rules_of(crew_of()));
  start_ready(step, now_ms);
}

void run_machine::reject(run_step& step, const shared_text& text,
                         std::vector<plan_fault> faults, std::int64_t now_ms) {
  emit(step, events::plan_rejected{plan_generation_, faults}, now_ms);
  // Nobody repairs the plan of a person.
  if (order_.plan_text || approved_
      || plan_generation_ >= crew_of().limits.repairs_max) {
    const auto count = faults.size();
    wind_down(
        step, run_status::failed, "plan_rejected",
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

} // namespace brigade::core
