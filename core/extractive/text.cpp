#include "brigade/core/extractive/text.hpp"

#include "brigade/core/extractive/thesaurus.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct code_point {
  char32_t value = 0;
  std::size_t size = 1;
};

/// Decodes one character; a byte that is not UTF-8 is a character of its own.
code_point decode(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  auto lead = byte(at);
  std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead >= 0x80 && lead < 0xC2)
    return {0xFFFD, 1};
  if (at + size > text.size())
    return {0xFFFD, 1};
  char32_t value = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80)
      return {0xFFFD, 1};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  return {value, size};
}

/// Scripts without blanks: each character is a word.
bool is_ideograph(char32_t c) {
  return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF)
         || (c >= 0xAC00 && c <= 0xD7A3);
}

bool is_letter(char32_t c) {
  if (c < 0x80)
    return is_alpha(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  if (c < 0xC0 || c == 0xD7 || c == 0xF7 || c == 0xFFFD)
    return false;
  // Punctuation, currency, arrows, boxes, dingbats, CJK marks, emoji.
  return !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F)
         && !(c >= 0xFE00 && c <= 0xFE6F) && !(c >= 0xFF00 && c <= 0xFF0F)
         && c < 0x1F000;
}

bool is_apostrophe(char32_t c) {
  return c == '\'' || c == 0x2019;
}

token make_token(std::string_view text, std::size_t first, std::size_t last) {
  token result;
  result.offset = static_cast<std::uint32_t>(first);
  result.size = static_cast<std::uint32_t>(last - first);
  auto word = text.substr(first, last - first);
  if (starts_with_capital(word))
    result.flags |= flag_capital;
  if (std::any_of(word.begin(), word.end(), is_digit))
    result.flags |= flag_digit;
  result.stem = stem_term(word);
  auto entry = look_up(result.stem);
  result.meaning = entry.meaning != 0 ? entry.meaning : result.stem;
  if (entry.meaning != 0)
    result.flags |= flag_concept;
  if (entry.stop)
    result.flags |= flag_stop;
  if (entry.weak)
    result.flags |= flag_weak;
  if (entry.negates)
    result.flags |= flag_negates;
  return result;
}

/// The end of the word or number that begins at `at`.
std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    auto c = decode(text, at);
    if (is_letter(c.value) && !is_ideograph(c.value)) {
      at += c.size;
      continue;
    }
    bool between_digits = (c.value == ',' || c.value == '.') && at > 0
                          && is_digit(text[at - 1]) && at + 1 < text.size()
                          && is_digit(text[at + 1]);
    bool in_word = is_apostrophe(c.value) && at + c.size < text.size()
                   && is_alpha(text[at + c.size]);
    if (!between_digits && !in_word)
      break;
    at += c.size;
  }
  return at;
}

std::vector<term> sorted_terms(const std::vector<token>& tokens) {
  std::vector<term> result;
  for (auto& t : tokens)
    if (t.is_content())
      result.push_back(t.stem);
  if (result.empty())
    for (auto& t : tokens)
      result.push_back(t.stem);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace

std::string to_lower(std::string_view text) {
  std::string result{text};
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto& c = result[i];
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    else if (i > 0 && static_cast<unsigned char>(result[i - 1]) == 0xC3) {
      // Latin-1 capitals: U+00C0 to U+00DE without the multiplication sign.
      auto low = static_cast<unsigned char>(c);
      if (low >= 0x80 && low <= 0x9E && low != 0x97)
        c = static_cast<char>(low + 0x20);
    }
  }
  return result;
}

std::vector<token> tokenize(std::string_view text, std::size_t tokens_max) {
  std::vector<token> result;
  std::size_t at = 0;
  while (at < text.size() && result.size() < tokens_max) {
    auto c = decode(text, at);
    if (!is_letter(c.value)) {
      at += c.size;
      continue;
    }
    auto end = is_ideograph(c.value) ? at + c.size : word_end(text, at);
    result.push_back(make_token(text, at, end));
    at = end;
  }
  return result;
}

double similarity(const std::vector<token>& lhs,
                  const std::vector<token>& rhs) {
  auto a = sorted_terms(lhs);
  auto b = sorted_terms(rhs);
  if (a.empty() || b.empty())
    return 0;
  std::vector<term> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  auto shared = static_cast<double>(both.size());
  return shared / (static_cast<double>(a.size() + b.size()) - shared);
}

std::string fold_blanks(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool blank = false;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) {
      blank = !result.empty();
      continue;
    }
    if (blank)
      result += ' ';
    blank = false;
    result += c;
  }
  return result;
}

std::string_view clip(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  auto blank = text.substr(0, end).rfind(' ');
  if (blank != std::string_view::npos && blank > end - end / 3)
    end = blank;
  return text.substr(0, end);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool starts_with_capital(std::string_view text) {
  if (text.empty())
    return false;
  auto c = decode(text, 0).value;
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)
         || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F);
}

} // namespace brigade::core::extractive
