/// The longest chain of dependent subtasks of a run, by what they really took.
#pragma once

#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <vector>

namespace brigade::core {

struct critical_path {
  /// Places in the plan, each one depending on the one before.
  std::vector<std::uint32_t> tasks;
  std::int64_t ms = 0;
};

/// From the first start of a subtask to its end, or to the last event while it
/// has none; waits between its attempts included. 0 when it never started.
std::int64_t duration_ms(const run_state& state, const task_state& task);

/// For each subtask the places of those that it depends on, in its own order;
/// names that the plan does not have are left out.
std::vector<std::vector<std::uint32_t>> dependencies_of(const plan& p);

/// The chain whose durations add up to most; of equal ones the one that ends
/// first in the plan. Empty without subtasks that started. Ends even for a
/// cycle, which an accepted plan does not have.
critical_path critical_path_of(const run_state& state);

} // namespace brigade::core
