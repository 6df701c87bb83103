#include "brigade/net/upstream_text.hpp"

#include "brigade/net/wire/json_text.hpp"

namespace brigade::net {

namespace {

/// How much of a text is looked at: enough to find a secret across the cut.
constexpr std::size_t looked_at_bytes_max = 8192;

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7F;
}

/// C1 control characters, two bytes in UTF-8, move cursors too.
bool is_c1(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xC2'
         && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  auto gap = false;
  for (std::size_t i = 0; i < text.size();) {
    auto c = static_cast<unsigned char>(text[i]);
    auto length = c < 0x80 ? 1 : wire::utf8_sequence_bytes(text.substr(i));
    auto sequence = text.substr(i, length == 0 ? 1 : length);
    i += sequence.size();
    if (length == 0 || is_control(c) || is_c1(sequence)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty() && out.back() != ' ' && sequence != " ")
      out += ' ';
    gap = false;
    out += sequence;
  }
  return out;
}

} // namespace

void mask_secrets(std::string& text, const secret_list& secrets) {
  for (const auto& item : secrets) {
    auto plain = item.reveal();
    if (plain.size() < masked_secret_bytes_min)
      continue;
    for (auto at = text.find(plain); at != std::string::npos;
         at = text.find(plain, at))
      text.replace(at, plain.size(), "***");
  }
}

std::string clean_upstream(std::string_view text, const secret_list& secrets,
                           std::size_t bytes_max) {
  auto out = without_controls(text.substr(0, looked_at_bytes_max));
  mask_secrets(out, secrets);
  if (out.size() <= bytes_max)
    return out;
  constexpr std::string_view mark = "...";
  auto cut = bytes_max > mark.size() ? bytes_max - mark.size() : 0;
  // Never in the middle of a character.
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80)
    --cut;
  out.resize(cut);
  return out += mark;
}

} // namespace brigade::net
