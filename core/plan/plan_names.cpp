#include "brigade/core/plan/plan_names.hpp"

#include <algorithm>
#include <array>

namespace brigade::core {

namespace {

/// Candidates that are looked at: a plan may hold any number of ids.
constexpr std::size_t candidates_max = 256;

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein's distance of two names of at most `shown_name_bytes_max`
/// bytes.
std::size_t distance(std::string_view lhs, std::string_view rhs) {
  std::array<std::size_t, shown_name_bytes_max + 1> row{};
  for (std::size_t j = 0; j <= rhs.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= lhs.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= rhs.size(); ++j) {
      const bool same = to_lower(lhs[i - 1]) == to_lower(rhs[j - 1]);
      const auto changed = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[rhs.size()];
}

} // namespace

std::string shown_name(std::string_view name) {
  std::string text;
  for (std::size_t at = 0;
       at < name.size() && text.size() <= shown_name_bytes_max; ++at) {
    const auto byte = static_cast<unsigned char>(name[at]);
    const auto next =
        at + 1 < name.size() ? static_cast<unsigned char>(name[at + 1]) : 0;
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0)
      ++at; // U+0080 to U+009F are control characters as well.
    else if (byte >= 0x20 && byte != 0x7F && byte != '`')
      text += name[at];
  }
  if (text.size() > shown_name_bytes_max) {
    auto end = shown_name_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      --end;
    text.resize(end);
  }
  return '`' + text + '`';
}

std::string shown_names(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == shown_names_max) {
      text += " and " + std::to_string(names.size() - i) + " more";
      break;
    }
    text += (i == 0 ? "" : ", ") + shown_name(names[i]);
  }
  return text;
}

std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates) {
  if (name.size() > shown_name_bytes_max)
    return {};
  std::string_view best;
  // One more than what is near enough.
  auto best_distance = std::max<std::size_t>(name.size() / 3, 1) + 1;
  for (std::size_t i = 0; i < std::min(candidates.size(), candidates_max);
       ++i) {
    const auto candidate = candidates[i];
    const auto longer = std::max(candidate.size(), name.size());
    const auto shorter = std::min(candidate.size(), name.size());
    if (longer > shown_name_bytes_max || longer - shorter >= best_distance)
      continue;
    const auto d = distance(name, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

} // namespace brigade::core
