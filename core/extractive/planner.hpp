/// The built-in planner: splits a goal over the given documents.
#pragma once

#include "brigade/core/model/prompt_blocks.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::core::extractive {

/// The plan as JSON, for the blocks of a planner's prompt. Its subtasks are
/// - one per topic of the goal over the documents that speak of it; or one per
///   document when the goal has one topic or none;
/// - a check for conflicts that depends on the others, when documents overlap.
/// Keeps to the `limits` block and, by fewer subtasks, to `bytes_max`.
std::string make_plan(const std::vector<prompt_block>& blocks,
                      std::size_t bytes_max);

} // namespace brigade::core::extractive
