/// The gate between a planner's text and the run: a plan is untrusted input.
#pragma once

#include "brigade/core/plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// The faults reported for one plan; further ones would not fit into a repair
/// prompt.
inline constexpr std::size_t plan_faults_max = 256;

/// A plan with more than this times `tasks_max` subtasks is not examined.
inline constexpr std::size_t tasks_examined_factor = 4;

struct plan_rules {
  /// The names of the crew's workers.
  std::vector<std::string> workers;
  /// The run's documents; null means none. Must outlive the check.
  const input_set* inputs = nullptr;
  std::uint32_t tasks_max = 8;
  /// Subtasks on the longest chain of dependencies.
  std::uint32_t depth_max = 4;
  /// Whether a plan may hold an answer and no subtasks.
  bool direct_answer = false;
  std::size_t description_bytes_min = 20;
  std::size_t description_bytes_max = 4'000;
};

struct checked_plan {
  /// Set when there are no faults.
  std::optional<plan> value;
  /// Everything that is wrong with it, at once.
  std::vector<plan_fault> faults;
};

/// Reads a plan out of a planner's reply or a file and checks it. Never
/// throws; linear in the text but for the search for repeated subtasks, which
/// is quadratic in their number (at most 4 x `tasks_max`).
///
/// A dependency named twice counts once, with the first one's policy. Two
/// subtasks are duplicates only if worker, inputs and dependencies agree too.
checked_plan check_plan(std::string_view text, const plan_rules& rules);

} // namespace brigade::core
