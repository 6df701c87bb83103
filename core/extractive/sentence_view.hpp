/// Sentences as claims are read from them, and which words are names.
#pragma once

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/values.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace brigade::core::extractive {

/// What is known of the words of all documents.
struct vocabulary {
  /// Seen with a capital inside a sentence.
  std::unordered_set<term> names;
  /// Seen in lower case.
  std::unordered_set<term> lower;
};

vocabulary read_vocabulary(const std::vector<document>& docs);

/// Whether a word with a capital may name something: no month, weekday or word
/// of the lists.
bool can_be_name(const token& t, std::string_view text);

/// What a heading says of all that stands below it.
struct heading_note {
  /// With whether each one is a name.
  std::vector<std::pair<token, bool>> words;
  /// Years, months and quarters.
  std::vector<value> dates;
};

/// One note for each section.
std::vector<heading_note> read_headings(const document& doc,
                                        const vocabulary& words);

/// A sentence with its words and values, and where its parts divide.
struct sentence_view {
  std::string_view text;
  std::vector<token> tokens;
  std::vector<value> values;
  /// Offsets of commas, semicolons, dashes, brackets and `and`.
  std::vector<std::size_t> bounds;
};

sentence_view view_of(const unit& u);

/// How many of the bounds lie between two offsets.
std::size_t bounds_between(const sentence_view& s, std::size_t a,
                           std::size_t b);

/// `It`, `They`, `The company` speak of the sentence before.
bool refers_back(const sentence_view& s);

} // namespace brigade::core::extractive
