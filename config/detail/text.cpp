#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace brigade::config::detail {

namespace {

constexpr std::size_t printable_bytes_max = 64;
constexpr std::size_t listed_names_max = 12;

// Longer words are never compared: the table below is their product.
constexpr std::size_t compared_bytes_max = 64;

/// Edits from `a` to `b`: insert, delete, replace, swap two neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width);
  std::vector<std::size_t> last(width);
  std::vector<std::size_t> row(width);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t replaced = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (char c : text.substr(0, printable_bytes_max))
    result += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > printable_bytes_max)
    result += "...";
  return result;
}

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

std::string quoted_list(const std::vector<std::string_view>& names) {
  std::string result;
  const auto shown = std::min(names.size(), listed_names_max);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0)
      result += i + 1 == names.size() ? " or " : ", ";
    result += quoted(names[i]);
  }
  if (names.size() > shown)
    result += ", ...";
  return result;
}

std::string_view nearest(std::string_view typed,
                         const std::vector<std::string_view>& names) {
  if (typed.size() > compared_bytes_max)
    return {};
  const auto wanted = lower(typed);
  std::string_view best;
  std::size_t best_distance = compared_bytes_max;
  for (auto name : names) {
    if (name.size() > compared_bytes_max)
      continue;
    const auto edits = distance(wanted, lower(name));
    const auto allowed = std::max(typed.size(), name.size()) / 3;
    if (edits <= std::max<std::size_t>(allowed, 1)
        && edits < std::max(typed.size(), name.size())
        && edits < best_distance) {
      best = name;
      best_distance = edits;
    }
  }
  return best;
}

std::string suggestion(std::string_view typed,
                       const std::vector<std::string_view>& names) {
  if (const auto near = nearest(typed, names); !near.empty())
    return ": did you mean " + quoted(near) + "?";
  if (names.empty())
    return "";
  return ": expected " + quoted_list(names);
}

bool is_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 64;
  return !name.empty() && name.size() <= name_bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '_' || c == '.'
                     || c == '-';
            });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

} // namespace brigade::config::detail
