#include "brigade/core/plan/plan_cost.hpp"

#include "brigade/core/plan/planned_calls.hpp"

namespace brigade::core {

plan_cost cost_of_plan(const crew& c, std::string_view goal, const plan& p,
                       const input_set& inputs) {
  const auto calls = calls_of_plan(c, goal, p, inputs);
  plan_cost cost;
  if (calls.synthesis)
    cost.synthesis_share = worst_case_of(c, *calls.synthesis);
  for (const auto& call : calls.tasks)
    cost.one_attempt_each = cost.one_attempt_each + worst_case_of(c, call);
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
