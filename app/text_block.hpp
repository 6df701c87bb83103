/// Longer texts on a terminal: wrapped and indented. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// The lines of a text that may come from anybody, made safe, wrapped between
/// words (or within one that is longer) to `columns` columns; 0: not wrapped.
/// Empty lines at the end are dropped.
std::vector<std::string> block_lines(std::string_view text,
                                     std::size_t columns);

/// Appends `block_lines` with an indent; `columns` counts the indent too.
void append_block(std::vector<std::string>& out, std::string_view text,
                  std::size_t indent, std::size_t columns);

} // namespace brigade::app
