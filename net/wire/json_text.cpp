#include "brigade/net/wire/json_text.hpp"

#include <array>
#include <cstdint>

namespace brigade::net::wire {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Bytes that may be copied as they are.
constexpr std::array<bool, 256> make_plain_bytes() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c)
    table[c] = c != '"' && c != '\\';
  return table;
}

constexpr auto plain_bytes = make_plain_bytes();

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\t':
    out += "\\t";
    return;
  case '\r':
    out += "\\r";
    return;
  default:
    out += "\\u00";
    out += digits[c >> 4];
    out += digits[c & 0xF];
  }
}

} // namespace

std::size_t utf8_sequence_bytes(std::string_view text) {
  if (text.empty())
    return 0;
  auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  auto first = byte(0);
  if (first < 0x80)
    return 1;
  std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i]))
      return 0;
  auto second = byte(1);
  // Overlong forms, surrogates and values above U+10FFFF.
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
      || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    auto run = i;
    while (run < text.size()
           && plain_bytes[static_cast<unsigned char>(text[run])])
      ++run;
    out.append(text, i, run - i);
    i = run;
    if (i == text.size())
      return;
    auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      append_control(out, c);
      ++i;
      continue;
    }
    auto length = utf8_sequence_bytes(text.substr(i));
    if (length == 0) {
      out += replacement;
      ++i;
      continue;
    }
    out.append(text, i, length);
    i += length;
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

} // namespace brigade::net::wire
