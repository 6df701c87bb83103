#include "brigade/core/run/critical_path.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace brigade::core {

namespace {

/// When a subtask ends if it starts as soon as its dependencies have.
struct chain_end {
  std::int64_t ms = 0;
  /// The dependency that ends last, if one takes any time.
  std::optional<std::uint32_t> after;

  friend bool operator==(const chain_end&, const chain_end&) = default;
};

chain_end end_after(const std::vector<std::uint32_t>& dependencies,
                    const std::vector<chain_end>& ends, std::int64_t own_ms) {
  chain_end result;
  for (auto j : dependencies)
    if (ends[j].ms > result.ms)
      result = {ends[j].ms, j};
  result.ms += own_ms;
  return result;
}

} // namespace

std::int64_t duration_ms(const run_state& state, const task_state& task) {
  if (!task.started_ms)
    return 0;
  return std::max(std::int64_t{0}, task.finished_ms.value_or(state.last_at_ms)
                                       - *task.started_ms);
}

std::vector<std::vector<std::uint32_t>> dependencies_of(const plan& p) {
  std::unordered_map<std::string_view, std::uint32_t> places;
  for (std::uint32_t i = 0; i < p.tasks.size(); ++i)
    places.emplace(p.tasks[i].id, i);
  std::vector<std::vector<std::uint32_t>> result(p.tasks.size());
  for (std::size_t i = 0; i < p.tasks.size(); ++i)
    for (const auto& edge : p.tasks[i].depends_on)
      if (const auto place = places.find(edge.task); place != places.end())
        result[i].push_back(place->second);
  return result;
}

critical_path critical_path_of(const run_state& state) {
  const auto count = state.tasks.size();
  critical_path result;
  if (count == 0 || !state.plan)
    return result;
  const auto dependencies = dependencies_of(*state.plan);
  std::vector<chain_end> ends(count);
  // Each round settles at least one more subtask of the longest chain.
  for (std::size_t round = 0; round < count; ++round) {
    bool changed = false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto end =
          end_after(dependencies[i], ends, duration_ms(state, state.tasks[i]));
      changed = changed || end != ends[i];
      ends[i] = end;
    }
    if (!changed)
      break;
  }
  const auto last = std::ranges::max_element(ends, {}, &chain_end::ms);
  result.ms = last->ms;
  if (result.ms == 0)
    return result;
  auto at = static_cast<std::uint32_t>(last - ends.begin());
  while (result.tasks.size() < count) {
    result.tasks.push_back(at);
    if (!ends[at].after)
      break;
    at = *ends[at].after;
  }
  std::ranges::reverse(result.tasks);
  return result;
}

} // namespace brigade::core
