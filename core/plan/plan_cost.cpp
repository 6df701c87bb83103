#include "brigade/core/plan/plan_cost.hpp"

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/run/worker_machine.hpp"

namespace brigade::core {

namespace {

/// Tags and attributes around one result in a prompt; the ids are at most 32
/// bytes each.
constexpr std::uint64_t result_block_bytes_max = 256;

allowance worst_case_of(const crew& c, const model_request& request,
                        std::uint64_t results) {
  const auto* model = find_model(c, request.model);
  if (model == nullptr)
    return {};
  std::uint64_t bytes = envelope_bytes_max + model->overhead_tokens
                        + model->name.size() + model->quirks.extra_body.size();
  for (const auto& m : request.messages)
    bytes += json_bytes(m.content);
  bytes += results * (c.limits.result_bytes_max + result_block_bytes_max);
  const auto output =
      std::uint64_t{request.output_tokens_max} + model->reasoning_tokens_max;
  return {model->price ? worst_case(*model->price, bytes, output) : pico_usd{0},
          bytes + output, 1, 0};
}

/// One attempt of a subtask whose worker is a crew of its own.
allowance nested_worst_case(const limits& own) {
  return {own.cost, own.tokens_max.value_or(1), own.calls_max.value_or(1),
          own.tasks_total_max.value_or(1)};
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
    cost.synthesis_share = worst_case_of(
        c, synthesizer_request(c, goal, p.analysis, gaps), p.tasks.size());
  }
  for (const auto& task : p.tasks) {
    const auto* worker = find_worker(c, task.worker);
    cost.one_attempt_each =
        cost.one_attempt_each
        + (worker != nullptr && worker->nested
               ? nested_worst_case(worker->nested->limits)
               : worst_case_of(c, worker_request(c, goal, task, inputs, {}),
                               task.depends_on.size()));
  }
  return cost;
}

std::optional<plan_fault> check_cost(const plan_cost& cost,
                                     const allowance& left) {
  const auto& each = cost.one_attempt_each;
  const auto& share = cost.synthesis_share;
  const auto needed = share + each;
  if (fits(needed, left))
    return std::nullopt;
  std::string problem;
  if (needed.cost > left.cost)
    problem = "one attempt of each subtask ($" + to_display(each.cost)
              + " at worst) and the synthesis ($" + to_display(share.cost)
              + " at worst) exceed the $" + to_display(left.cost)
              + " that is left";
  else if (needed.tokens > left.tokens)
    problem = "one attempt of each subtask (" + std::to_string(each.tokens)
              + " tokens at worst) and the synthesis ("
              + std::to_string(share.tokens) + " at worst) exceed the "
              + std::to_string(left.tokens) + " tokens that are left";
  else
    problem = "one attempt of each subtask and the synthesis need more calls "
              "or subtasks than are left";
  return plan_fault{"over_budget", "/tasks",
                    problem
                        + "; plan fewer subtasks, fewer dependencies or "
                          "smaller input ranges"};
}

} // namespace brigade::core
