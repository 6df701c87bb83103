#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace brigade::app {

namespace {

struct code_range {
  char32_t first;
  char32_t last;
};

/// Combining marks and other characters without a column of their own, by
/// rising code. Source: Unicode 15, categories Mn, Me and Cf, the blocks that
/// occur in practice.
constexpr std::array zero_width_ranges = {
    code_range{0x00AD, 0x00AD}, code_range{0x0300, 0x036F},
    code_range{0x0483, 0x0489}, code_range{0x0591, 0x05BD},
    code_range{0x0610, 0x061A}, code_range{0x064B, 0x065F},
    code_range{0x0E31, 0x0E31}, code_range{0x0E34, 0x0E3A},
    code_range{0x0E47, 0x0E4E}, code_range{0x1AB0, 0x1AFF},
    code_range{0x1DC0, 0x1DFF}, code_range{0x200B, 0x200F},
    code_range{0x2060, 0x2064}, code_range{0x20D0, 0x20F0},
    code_range{0xFE00, 0xFE0F}, code_range{0xFE20, 0xFE2F},
    code_range{0xFEFF, 0xFEFF}, code_range{0xE0000, 0xE01EF},
};

/// Two columns wide. Source: Unicode 15, EastAsianWidth.txt, W and F, and the
/// emoji blocks.
constexpr std::array wide_ranges = {
    code_range{0x1100, 0x115F},   code_range{0x231A, 0x231B},
    code_range{0x23E9, 0x23EC},   code_range{0x25FD, 0x25FE},
    code_range{0x2614, 0x2615},   code_range{0x2648, 0x2653},
    code_range{0x26A1, 0x26A1},   code_range{0x26BD, 0x26BE},
    code_range{0x2705, 0x2705},   code_range{0x270A, 0x270B},
    code_range{0x2728, 0x2728},   code_range{0x274C, 0x274C},
    code_range{0x2753, 0x2755},   code_range{0x2795, 0x2797},
    code_range{0x2B1B, 0x2B1C},   code_range{0x2B50, 0x2B50},
    code_range{0x2E80, 0x303E},   code_range{0x3041, 0x33FF},
    code_range{0x3400, 0x4DBF},   code_range{0x4E00, 0x9FFF},
    code_range{0xA000, 0xA4CF},   code_range{0xA960, 0xA97F},
    code_range{0xAC00, 0xD7A3},   code_range{0xF900, 0xFAFF},
    code_range{0xFE30, 0xFE4F},   code_range{0xFF00, 0xFF60},
    code_range{0xFFE0, 0xFFE6},   code_range{0x16FE0, 0x18AFF},
    code_range{0x1B000, 0x1B2FF}, code_range{0x1F004, 0x1F004},
    code_range{0x1F0CF, 0x1F0CF}, code_range{0x1F18E, 0x1F19A},
    code_range{0x1F200, 0x1F320}, code_range{0x1F32D, 0x1F64F},
    code_range{0x1F680, 0x1F6FF}, code_range{0x1F7E0, 0x1F7EB},
    code_range{0x1F90C, 0x1F9FF}, code_range{0x1FA70, 0x1FAFF},
    code_range{0x20000, 0x3FFFD},
};

template <std::size_t N>
bool contains(const std::array<code_range, N>& ranges, char32_t code) {
  auto i = std::upper_bound(
      ranges.begin(), ranges.end(), code,
      [](char32_t value, const code_range& r) { return value < r.first; });
  return i != ranges.begin() && code <= (i - 1)->last;
}

/// Characters that reorder what stands around them (UAX 9): with them a name
/// can be shown as another one.
bool changes_direction(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F
         || (code >= 0x202A && code <= 0x202E)
         || (code >= 0x2066 && code <= 0x2069);
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

} // namespace

decoded decode_utf8(std::string_view bytes) {
  auto byte = [&](std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
  };
  auto lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1};
  }
  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) {
    return {};
  }
  auto code = static_cast<char32_t>(lead & (0xFF >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return {};
    }
    code = (code << 6) | (byte(i) & 0x3F);
  }
  bool overlong =
      (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return {};
  }
  return {code, length};
}

int column_width(char32_t code) {
  if (code < 0x300) {
    return code == 0xAD ? 0 : 1;
  }
  if (contains(zero_width_ranges, code)) {
    return 0;
  }
  return contains(wide_ranges, code) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    auto [code, length] = decode_utf8(text);
    columns += static_cast<std::size_t>(column_width(code));
    text.remove_prefix(length);
  }
  return columns;
}

std::string terminal_safe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto [code, length] = decode_utf8(text);
    auto bytes = text.substr(0, length);
    text.remove_prefix(length);
    if (code == '\n' || code == '\t') {
      out += bytes;
    } else if (code == '\r' && !text.empty() && text.front() == '\n') {
      continue;
    } else if (code == 0x2028 || code == 0x2029) {
      out += '\n';
    } else if (is_control(code) || changes_direction(code)
               || (code == 0xFFFD && length == 1)) {
      out += replacement;
    } else {
      out += bytes;
    }
  }
  return out;
}

std::string terminal_line(std::string_view text) {
  auto safe = terminal_safe(text);
  std::string out;
  out.reserve(safe.size());
  bool gap = false;
  for (char c : safe) {
    if (c == ' ' || c == '\n' || c == '\t') {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) {
      out += ' ';
    }
    gap = false;
    out += c;
  }
  return out;
}

std::string fit(std::string_view line, std::size_t columns, bool ascii) {
  if (columns == 0) {
    return {};
  }
  std::size_t used = 0;
  // Where the text must end if the rest does not fit beside the mark.
  std::size_t cut = 0;
  std::size_t pos = 0;
  while (pos < line.size()) {
    auto [code, length] = decode_utf8(line.substr(pos));
    auto width = static_cast<std::size_t>(column_width(code));
    if (used + width > columns) {
      std::string out{line.substr(0, cut)};
      out += ascii ? "~" : "\xE2\x80\xA6";
      return out;
    }
    used += width;
    pos += length;
    if (used <= columns - 1) {
      cut = pos;
    }
  }
  return std::string{line};
}

std::string fit_padded(std::string_view line, std::size_t columns, bool ascii) {
  auto out = fit(line, columns, ascii);
  auto width = display_width(out);
  if (width < columns) {
    out.append(columns - width, ' ');
  }
  return out;
}

} // namespace brigade::app
