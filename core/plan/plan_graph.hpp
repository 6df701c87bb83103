/// The dependency graph of a plan: cycles and depth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace brigade::core {

/// For each subtask the indices of those it depends on, without itself and
/// without repetition.
using plan_graph = std::vector<std::vector<std::size_t>>;

/// One cycle for each set of subtasks that depend on one another, each in the
/// order of dependence: every element depends on the next one, and the last
/// on the first. A cycle starts with its first subtask in plan order and is
/// as short as one through that subtask can be. O(V + E).
std::vector<std::vector<std::size_t>> find_cycles(const plan_graph& graph);

/// For each subtask the number of subtasks on the longest chain that ends
/// with it: 1 without dependencies; 0 when a cycle is in the way. O(V + E).
std::vector<std::uint32_t> find_levels(const plan_graph& graph);

} // namespace brigade::core
