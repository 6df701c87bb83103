#include "brigade/core/plan/plan_cost.hpp"

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/run/worker_machine.hpp"

namespace brigade::core {

namespace {

/// Tags and attributes around one result in a prompt; the ids are at most 32
/// bytes each.
constexpr std::uint64_t result_block_bytes_max = 256;

pico_usd worst_case_of(const crew& c, const model_request& request,
                       std::uint64_t results) {
  const auto* model = find_model(c, request.model);
  if (model == nullptr || !model->price)
    return {};
  std::uint64_t bytes = envelope_bytes_max + model->overhead_tokens
                        + model->name.size() + model->quirks.extra_body.size();
  for (const auto& m : request.messages)
    bytes += json_bytes(m.content);
  bytes += results * (c.limits.result_bytes_max + result_block_bytes_max);
  return worst_case(*model->price, bytes, request.output_tokens_max);
}

} // namespace

plan_cost cost_of_plan(const crew& c, std::string_view goal, const plan& p,
                       const input_set& inputs) {
  plan_cost cost;
  if (c.synthesizer.kind == synthesizer_kind::llm) {
    // As if every subtask had failed: descriptions and ids in full; the
    // results come on top.
    std::vector<task_result> gaps;
    gaps.reserve(p.tasks.size());
    for (const auto& task : p.tasks)
      gaps.push_back({&task, nullptr, "not_started"});
    cost.synthesis_share
      = worst_case_of(c, synthesizer_request(c, goal, p.analysis, gaps),
                      p.tasks.size());
  }
  for (const auto& task : p.tasks)
    cost.one_attempt_each
      += worst_case_of(c, worker_request(c, goal, task, inputs, {}),
                       task.depends_on.size());
  return cost;
}

std::optional<plan_fault> check_cost(const plan_cost& cost, pico_usd left) {
  const auto needed = cost.synthesis_share + cost.one_attempt_each;
  if (needed <= left)
    return std::nullopt;
  return plan_fault{
    "over_budget", "/tasks",
    "one attempt of each subtask ($" + to_display(cost.one_attempt_each)
      + " at worst) and the synthesis ($" + to_display(cost.synthesis_share)
      + " at worst) exceed the $" + to_display(left)
      + " that is left; plan fewer subtasks, fewer dependencies or smaller "
        "input ranges"};
}

} // namespace brigade::core
