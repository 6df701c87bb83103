/// What a single line of a document looks like. All take trimmed lines.
#pragma once

#include <cstddef>
#include <string_view>

namespace brigade::core::extractive {

/// Headings without a mark are no longer than this.
inline constexpr std::size_t bare_heading_bytes_max = 90;

/// The size of what a line of a list begins with (`- `, `12. `, `a) `), or 0.
std::size_t marker_size(std::string_view line);

/// Three backticks or tildes.
bool is_fence(std::string_view line);

/// `|---|:--:|`, `----- | -----` and `+-----+`.
bool is_rule(std::string_view line);

std::size_t count_of(std::string_view line, char c);

bool is_table_row(std::string_view line);

/// Whether the line ends as sentences do.
bool ends_sentence(std::string_view line);

/// Source code outside of fences: brackets and operators that prose lacks.
/// `raw` is the line with its indentation.
bool looks_like_code(std::string_view raw, std::string_view line);

/// A short line with a capital and without a full stop.
bool looks_like_heading(std::string_view line);

} // namespace brigade::core::extractive
