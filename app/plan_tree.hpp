/// The order in which a plan is read: every subtask below one that it depends
/// on. Pure.
#pragma once

#include "brigade/core/plan/plan.hpp"

#include <cstdint>
#include <vector>

namespace brigade::app {

struct tree_place {
  /// Place in the plan.
  std::uint32_t task = 0;
  /// How deep below a subtask without dependencies it is drawn.
  std::uint32_t level = 0;
  /// Dependencies beside the one that it stands below.
  std::vector<std::uint32_t> also_after;
};

/// Each subtask once. Of several dependencies the deepest one carries it, the
/// last in the plan among equals. Ends even for a cycle.
std::vector<tree_place> plan_tree(const core::plan& p);

/// For each subtask the length of the longest chain that leads to it: 0
/// without dependencies. Indexed like `plan::tasks`; ends even for a cycle.
std::vector<std::uint32_t>
plan_levels(const std::vector<std::vector<std::uint32_t>>& dependencies);

} // namespace brigade::app
