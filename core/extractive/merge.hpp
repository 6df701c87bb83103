/// The built-in synthesizer: merges results into a cited Markdown report.
#pragma once

#include "brigade/core/model/prompt_blocks.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::core::extractive {

/// The report, of at most about `bytes_max` bytes, for the blocks of a
/// synthesizer's prompt: a section for each result without repeated sentences,
/// then `## Conflicts` and `## Missing` when there are any. A sentence that
/// takes part in a conflict stands only there.
std::string merge_results(const std::vector<prompt_block>& blocks,
                          std::size_t bytes_max);

} // namespace brigade::core::extractive
