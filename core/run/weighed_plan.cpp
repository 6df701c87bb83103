#include "brigade/core/run/weighed_plan.hpp"

#include "brigade/core/plan/plan_check.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

weighed_plan weigh_plan(const run_order& order, const allowance& spent,
                        std::string_view text) {
  const auto& crew = *order.crew;
  plan_rules rules;
  for (const auto& worker : crew.workers)
    rules.workers.push_back(worker.name);
  rules.inputs = order.inputs.get();
  const auto ceiling = ceiling_of(order);
  rules.tasks_max = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(crew.limits.tasks_max, ceiling.tasks));
  rules.depth_max = crew.limits.depth_max;
  rules.direct_answer = crew.planner.direct_answer;
  auto checked = check_plan(text, rules);
  weighed_plan result;
  result.faults = std::move(checked.faults);
  if (!checked.value)
    return result;
  static const input_set no_inputs;
  result.cost = cost_of_plan(crew, order.goal, *checked.value,
                             order.inputs ? *order.inputs : no_inputs);
  const auto left =
      ceiling - spent - allowance{{}, 0, 0, checked.value->tasks.size()};
  if (auto fault = check_cost(result.cost, left))
    result.faults.push_back(std::move(*fault));
  else
    result.value = std::move(checked.value);
  return result;
}

allowance spent_on_plan(const run_state& state) {
  allowance sum{state.spent + state.reserved, state.spent_tokens,
                state.calls.size(), 0};
  for (const auto& call : state.calls)
    if (!call.settled)
      sum = sum + allowance{{}, call.reserved_tokens, 0, 0};
  return sum;
}

} // namespace brigade::core
