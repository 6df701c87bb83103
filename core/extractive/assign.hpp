/// Which worker a subtask is for, and whether two subtasks ask for the same.
#pragma once

#include "brigade/core/model/prompt_blocks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// The worker whose name and description fit best; the first one of equals.
/// `workers` are the `worker` blocks of a prompt.
std::string choose_worker(const std::vector<const prompt_block*>& workers,
                          std::string_view description, bool is_comparison);

/// The share of words that two descriptions have in common (Jaccard).
double word_similarity(std::string_view a, std::string_view b);

} // namespace brigade::core::extractive
