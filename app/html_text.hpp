/// Text on its way into an HTML page. Pure.
#pragma once

#include <string>
#include <string_view>

namespace brigade::app {

/// Everything that HTML reads as markup is escaped, in text and in attributes
/// with double quotes; control characters and bytes that are not UTF-8 become
/// U+FFFD, line ends and tabs stay.
std::string html_escaped(std::string_view text);

/// The same on one line, cut to `columns` columns; 0: not cut.
std::string html_line(std::string_view text, std::size_t columns = 0);

} // namespace brigade::app
