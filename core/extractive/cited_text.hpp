/// Bullets with citations, the form in which results are handed on:
///
///     - A sentence. [notes.md:12]
///     - Conflict: what it is about: 10 or 12
///       - One side. [notes.md:12]
///       - The other side. [plan.md:3-4]
///     Not found: ...
#pragma once

#include "brigade/core/extractive/text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

inline constexpr std::string_view conflict_mark = "Conflict: ";
inline constexpr std::string_view not_found_mark = "Not found: ";
inline constexpr std::string_view no_conflicts_mark = "No conflicts found: ";

/// Further lines of one result are passed over.
inline constexpr std::size_t result_lines_max = 5'000;

/// Further places of a sentence are not written.
inline constexpr std::size_t places_max = 8;

/// Further places of a sentence are not read, and stay in its text.
inline constexpr std::size_t places_read_max = 64;

/// A sentence with the places where it stands, as `notes.md:12`.
struct cited_sentence {
  std::string text;
  std::vector<std::string> places;
};

/// A conflict as a result tells it.
struct told_conflict {
  std::string subject;
  std::vector<cited_sentence> sides;
};

/// A result, taken apart.
struct told_result {
  /// Bullets and sentences in order; those without places are from other
  /// models. Code and tables are one piece each.
  std::vector<cited_sentence> sentences;
  std::vector<told_conflict> conflicts;
  /// Without their marks.
  std::vector<std::string> not_found;
  std::vector<std::string> no_conflicts;
};

told_result read_result(std::string_view text);

/// Splits `A sentence. [a.md:1] [b.md:2]`. Brackets that hold no `name:line`
/// stay in the text.
cited_sentence read_cited(std::string_view text);

/// `A sentence. [a.md:1] [b.md:2]`.
std::string write_cited(const cited_sentence& sentence);

} // namespace brigade::core::extractive
