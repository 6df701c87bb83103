/// The words of a subtask, by which vague and repeated subtasks are found.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Whether a description names nothing that it is about, such as "Research
/// the topic" or "Do the task": it consists of filler and generic words only.
/// Text in other scripts than Latin is never called vague.
bool is_vague(std::string_view description);

/// The distinct words that carry a subtask's meaning, as sorted hashes.
struct word_set {
  std::vector<std::uint64_t> hashes;
  /// One bit for each hash: tells most sets apart at once.
  std::uint64_t signature = 0;
};

/// Leaves out filler and generic words and plural endings, so that
/// rephrasings of the same order give the same set.
word_set words_of(std::string_view text);

/// Whether two sets say the same: one holds all the words of the other and
/// little else. Sets that differ in a word on both sides (`region 1`, `region
/// 2`) are the rows of one table and not near.
bool are_near(const word_set& lhs, const word_set& rhs);

} // namespace brigade::core
