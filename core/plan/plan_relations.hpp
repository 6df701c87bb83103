/// The faults of a plan that lie between its subtasks. Used by `check_plan`.
#pragma once

#include "brigade/core/plan/fault_list.hpp"
#include "brigade/core/plan/plan_graph.hpp"

#include <cstdint>
#include <vector>

namespace brigade::core {

/// Adds `cyclic_dependency`, once for each set of subtasks that wait for one
/// another.
void check_cycles(const std::vector<task_draft>& tasks, const plan_graph& graph,
                  fault_list& faults);

/// Adds `too_deep` for the first subtask beyond the limit of each chain.
void check_depth(const std::vector<task_draft>& tasks, const plan_graph& graph,
                 std::uint32_t depth_max, fault_list& faults);

/// Adds `duplicate_task` and `near_duplicate_task`. Quadratic in the number of
/// subtasks with the same worker, inputs and dependencies.
void check_repetition(const std::vector<task_draft>& tasks,
                      const plan_graph& graph, fault_list& faults);

} // namespace brigade::core
