/// The deterministic merge: an answer without a model call.
#pragma once

#include "brigade/core/model/prompt.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Markdown: each result under a heading from its subtask's description, in
/// plan order, paragraphs that occur twice only once, and the subtasks without
/// a result by name. Nothing is left out silently.
std::string merge_results(std::string_view goal,
                          const std::vector<task_result>& results);

} // namespace brigade::core
