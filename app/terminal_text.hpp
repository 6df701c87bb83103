/// Text on its way to a terminal. What users, documents and models wrote may
/// hold escape sequences; none of them may reach a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace brigade::app {

/// A code point read from UTF-8, and how many bytes it took.
struct decoded {
  /// U+FFFD when the bytes are not UTF-8; `length` is then 1.
  char32_t code = 0xFFFD;
  std::size_t length = 1;
};

/// Reads the code point at the start of `bytes`, which must not be empty.
/// Refuses overlong forms, surrogates and everything above U+10FFFF.
decoded decode_utf8(std::string_view bytes);

/// The columns of a code point on a terminal: 0 for combining marks and other
/// invisible ones, 2 for East Asian wide ones and most emoji, else 1.
int column_width(char32_t code);

/// The columns of a text that holds no control characters.
std::size_t display_width(std::string_view text);

/// The text without anything that a terminal obeys: C0 (other than `\n` and
/// `\t`), DEL, C1, and characters that change the direction of text are
/// replaced by U+FFFD, as is each byte that is not UTF-8; a `\r` in front of a
/// `\n` is dropped. Line separators U+2028 and U+2029 become `\n`.
std::string terminal_safe(std::string_view text);

/// The same on one line: runs of spaces, tabs and line ends become one space,
/// none at either end.
std::string terminal_line(std::string_view text);

/// Cuts a line to at most `columns` columns; a cut line ends in `…` (or `~`
/// when `ascii`). `line` must come from `terminal_line`.
std::string fit(std::string_view line, std::size_t columns, bool ascii = false);

/// `fit`, then spaces up to exactly `columns` columns.
std::string fit_padded(std::string_view line, std::size_t columns,
                       bool ascii = false);

} // namespace brigade::app
