#include "brigade/core/plan/plan_estimate.hpp"

#include "brigade/core/plan/plan_graph.hpp"
#include "brigade/core/plan/planned_calls.hpp"

#include <algorithm>
#include <functional>

namespace brigade::core {

namespace {

/// English text has about so many bytes to a token.
constexpr std::uint64_t bytes_per_token = 4;
/// Where nothing is known, so much of what may be is taken to be.
constexpr std::uint64_t usual_part = 4;

/// Rounded up.
std::uint64_t part_of(std::uint64_t whole, std::uint64_t parts) {
  return whole / parts + (whole % parts != 0 ? 1 : 0);
}

struct amounts {
  pico_usd low;
  pico_usd expected;
  pico_usd worst;
};

amounts amounts_of(const crew& c, const planned_call& call,
                   const model_estimates& known) {
  amounts sum;
  sum.worst = worst_case_of(c, call).cost;
  if (call.nested != nullptr) {
    sum.expected = sum.worst;
    return sum;
  }
  if (call.model == nullptr || !call.model->price)
    return sum;
  const auto& price = *call.model->price;
  sum.low = cost_of(price, {part_of(call.prompt_bytes, bytes_per_token), 0, 1});
  const auto learnt = known.find(call.model->alias);
  if (learnt != known.end() && learnt->second.is_known()) {
    sum.expected = learnt->second.amount_for(sum.worst);
  } else {
    const auto results = result_bytes_max_of(c, call) / usual_part;
    usage used;
    used.input_tokens = part_of(call.prompt_bytes + results, bytes_per_token);
    used.output_tokens = part_of(
        call.output_tokens_max + call.model->reasoning_tokens_max, usual_part);
    sum.expected = cost_of(price, used);
  }
  // Where a longer input is cheaper, or a model's limit is a single token.
  sum.low = std::min(sum.low, sum.worst);
  sum.expected = std::clamp(sum.expected, sum.low, sum.worst);
  return sum;
}

} // namespace

plan_estimate estimate_plan(const crew& c, std::string_view goal, const plan& p,
                            const input_set& inputs,
                            const model_estimates& known, pico_usd left) {
  const auto calls = calls_of_plan(c, goal, p, inputs);
  plan_estimate result;
  const auto add = [&](const planned_call& call) {
    const auto more = amounts_of(c, call, known);
    result.low += more.low;
    result.expected += more.expected;
    result.worst += more.worst;
  };
  std::for_each(calls.tasks.begin(), calls.tasks.end(), add);
  if (calls.synthesis)
    add(*calls.synthesis);
  result.worst = std::min(result.worst, std::max(left, pico_usd{0}));
  result.expected = std::min(result.expected, result.worst);
  result.low = std::min(result.low, result.worst);
  result.critical_path = longest_chain(p);
  return result;
}

std::vector<std::string> longest_chain(const plan& p) {
  plan_graph graph(p.tasks.size());
  for (std::size_t i = 0; i < p.tasks.size(); ++i)
    for (const auto& edge : p.tasks[i].depends_on)
      if (const auto source = find_task(p, edge.task))
        graph[i].push_back(*source);
  const auto levels = find_levels(graph);
  const auto last = std::max_element(levels.begin(), levels.end());
  std::vector<std::string> chain;
  if (last == levels.end() || *last == 0)
    return chain;
  auto at = static_cast<std::size_t>(last - levels.begin());
  chain.push_back(p.tasks[at].id);
  for (auto level = *last; level > 1; --level) {
    auto before = p.tasks.size();
    for (const auto source : graph[at])
      if (levels[source] == level - 1)
        before = std::min(before, source);
    at = before;
    chain.push_back(p.tasks[at].id);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

} // namespace brigade::core
