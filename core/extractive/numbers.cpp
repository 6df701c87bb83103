#include "brigade/core/extractive/numbers.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/measures.hpp"

namespace brigade::core::extractive {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// What separates groups of three digits at `at`: bytes, or 0.
std::size_t group_mark(std::string_view text, std::size_t at) {
  auto rest = text.substr(at);
  std::size_t size = 0;
  if (rest.starts_with(',') || rest.starts_with('\'') || rest.starts_with(' ')
      || rest.starts_with('_'))
    size = 1;
  else if (rest.starts_with("\xC2\xA0"))
    size = 2;
  else if (rest.starts_with("\xE2\x80\xAF") || rest.starts_with("\xE2\x80\x89"))
    size = 3;
  if (size == 0 || at + size + 3 > text.size())
    return 0;
  for (std::size_t i = 0; i < 3; ++i)
    if (!is_digit(text[at + size + i]))
      return 0;
  bool ends = at + size + 3 == text.size() || !is_digit(text[at + size + 3]);
  return ends ? size : 0;
}

} // namespace

std::optional<number> digits_at(std::string_view text, std::size_t at) {
  number result;
  std::size_t digits = 0;
  auto i = at;
  while (i < text.size() && digits < 15) {
    if (is_digit(text[i])) {
      result.value = result.value * 10 + (text[i] - '0');
      ++digits;
      ++i;
    } else if (auto size = group_mark(text, i);
               size != 0 && (result.grouped || digits <= 3)
               && (text[i] != ' ' || digits <= 3 || result.grouped)) {
      result.grouped = true;
      i += size;
    } else {
      break;
    }
  }
  if (digits == 0 || (i < text.size() && is_digit(text[i])))
    return {};
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    ++i;
    while (i < text.size() && is_digit(text[i]) && digits < 18) {
      result.step /= 10;
      result.value += (text[i] - '0') * result.step;
      ++digits;
      ++i;
    }
  }
  result.last = i;
  return result;
}

std::optional<number> words_at(std::string_view text, std::size_t at) {
  scanner in{text, at};
  // No number's name is longer, and they all begin with these.
  constexpr std::size_t word_size_max = 9;
  auto word = in.take_word();
  if (word.size() < 3 || word.size() > word_size_max
      || std::string_view{"otfsenhzdOTFSENHZD"}.find(word[0])
             == std::string_view::npos)
    return {};
  auto n = number_word(to_lower(word));
  if (n < 0)
    return {};
  number result;
  result.value = n;
  result.last = in.at();
  if (n >= 20 && n <= 90 && (in.peek() == '-' || in.peek() == ' ')) {
    in.skip(1);
    auto unit = number_word(to_lower(in.take_word()));
    if (unit >= 1 && unit <= 9) {
      result.value += unit;
      result.last = in.at();
    }
  }
  return result;
}

} // namespace brigade::core::extractive
