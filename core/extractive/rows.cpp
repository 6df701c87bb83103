// Rows of tables and CSV files, and lines of the form `key: value`.
#include "brigade/core/extractive/document.hpp"

#include <algorithm>

namespace brigade::core::extractive {

namespace {

/// Source: a longer row is data for machines, not text to quote.
constexpr std::size_t cells_max = 64;

constexpr std::size_t key_words_max = 6;
constexpr std::size_t value_words_max = 14;

std::string_view strip_marks(std::string_view text) {
  constexpr std::string_view marks = " \t\"'`*_,;";
  auto first = text.find_first_not_of(marks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(marks) - first + 1);
}

std::size_t count_words(std::string_view text) {
  std::size_t result = 0;
  bool inside = false;
  for (char c : text) {
    if (c == ' ')
      inside = false;
    else if (!inside) {
      inside = true;
      ++result;
    }
  }
  return result;
}

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > 60 || count_words(key) > key_words_max)
    return false;
  if (key.find_first_of(".!?{}()|<>=[") != std::string_view::npos)
    return false;
  auto c = key.front();
  auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte >= 0x80;
}

} // namespace

std::vector<std::string> split_cells(std::string_view row) {
  std::vector<std::string> result;
  char separator = ',';
  if (row.find('|') != std::string_view::npos)
    separator = '|';
  else if (row.find('\t') != std::string_view::npos)
    separator = '\t';
  row = trim(row);
  if (separator == '|' && row.starts_with('|'))
    row.remove_prefix(1);
  if (separator == '|' && row.ends_with('|'))
    row.remove_suffix(1);
  bool quoted = false;
  std::size_t first = 0;
  for (std::size_t i = 0; i <= row.size(); ++i) {
    if (i < row.size() && row[i] == '"' && separator == ',')
      quoted = !quoted;
    if (i < row.size() && (row[i] != separator || quoted))
      continue;
    result.push_back(fold_blanks(strip_marks(row.substr(first, i - first))));
    first = i + 1;
    if (result.size() == cells_max)
      break;
  }
  return result;
}

key_value split_pair(std::string_view text) {
  auto colon = text.find(':');
  auto equals = text.find(" = ");
  auto at =
      std::min(colon, equals == std::string_view::npos ? equals : equals + 1);
  if (at == std::string_view::npos || at + 1 >= text.size() || at > 64)
    return {};
  auto key = strip_marks(text.substr(0, at));
  auto raw = text.substr(at + 1);
  // `http://...`, `10:30` and `a::b` hold no key.
  bool apart = raw.front() == ' ' || raw.front() == '*' || raw.front() == '"'
               || text[at - (at > 0 ? 1 : 0)] == '"';
  auto value = strip_marks(raw);
  if (!apart || !is_key(key) || value.empty()
      || count_words(value) > value_words_max)
    return {};
  return {std::string{key}, fold_blanks(value),
          static_cast<std::size_t>(value.data() - text.data())};
}

} // namespace brigade::core::extractive
