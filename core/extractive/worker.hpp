/// The built-in worker: quotes the sentences that answer its subtask, or names
/// the conflicts between its documents.
#pragma once

#include "brigade/core/model/prompt_blocks.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::core::extractive {

/// The answer of at most `bytes_max` bytes to the blocks of a worker's prompt,
/// in the form of cited_text.hpp. A subtask that speaks of conflicts outside of
/// quotes is a check for conflicts; any other one is a search for the text in
/// its first quotes, or for all of its words. Says so when there is no document
/// or nothing to quote.
std::string do_subtask(const std::vector<prompt_block>& blocks,
                       std::size_t bytes_max);

} // namespace brigade::core::extractive
