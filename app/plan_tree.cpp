#include "brigade/app/plan_tree.hpp"

#include "brigade/core/run/critical_path.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace brigade::app {

std::vector<std::uint32_t>
plan_levels(const std::vector<std::vector<std::uint32_t>>& dependencies) {
  std::vector<std::uint32_t> levels(dependencies.size(), 0);
  bool changed = true;
  for (std::size_t round = 0; changed && round < levels.size(); ++round) {
    changed = false;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      for (auto j : dependencies[i]) {
        if (j != i && levels[j] + 1 > levels[i]) {
          levels[i] = levels[j] + 1;
          changed = true;
        }
      }
    }
  }
  return levels;
}

std::vector<tree_place> plan_tree(const core::plan& p) {
  auto dependencies = core::dependencies_of(p);
  auto levels = plan_levels(dependencies);
  auto count = static_cast<std::uint32_t>(dependencies.size());
  std::vector<std::vector<std::uint32_t>> children(count);
  std::vector<std::optional<std::uint32_t>> carrier(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    for (auto j : dependencies[i]) {
      if (!carrier[i] || levels[j] >= levels[*carrier[i]]) {
        carrier[i] = j;
      }
    }
    if (carrier[i]) {
      children[*carrier[i]].push_back(i);
    }
  }
  std::vector<tree_place> out;
  std::vector<bool> seen(count, false);
  std::vector<tree_place> open;
  auto walk = [&](std::uint32_t root) {
    open.push_back({root, 0, {}});
    while (!open.empty()) {
      auto place = std::move(open.back());
      open.pop_back();
      if (seen[place.task]) {
        continue;
      }
      seen[place.task] = true;
      for (auto j : dependencies[place.task]) {
        if (carrier[place.task] != j) {
          place.also_after.push_back(j);
        }
      }
      for (auto child : children[place.task] | std::views::reverse) {
        open.push_back({child, place.level + 1, {}});
      }
      out.push_back(std::move(place));
    }
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!carrier[i]) {
      walk(i);
    }
  }
  // What only a cycle leads to.
  for (std::uint32_t i = 0; i < count; ++i) {
    walk(i);
  }
  return out;
}

} // namespace brigade::app
