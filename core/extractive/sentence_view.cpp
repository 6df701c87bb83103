#include "brigade/core/extractive/sentence_view.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/facts.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core::extractive {

bool can_be_name(const token& t, std::string_view text) {
  return t.has(flag_capital) && t.is_content() && !t.has(flag_concept)
         && !t.has(flag_weak) && t.size > 1 && contrast_bits(t.meaning) == 0
         && month_of(text.substr(t.offset, t.size)) == 0;
}

vocabulary read_vocabulary(const std::vector<document>& docs) {
  vocabulary result;
  for (auto& doc : docs) {
    auto count = std::min(doc.units.size(), claims_max);
    for (std::size_t i = 0; i < count; ++i) {
      auto& u = doc.units[i];
      auto& tokens = u.tokens;
      if (u.kind == unit_kind::pair)
        for (auto& t : tokenize(split_pair(u.text).key, 16))
          result.lower.insert(t.stem); // Keys are capitalised anyway.
      bool is_text = u.kind == unit_kind::prose || u.kind == unit_kind::item;
      for (std::size_t n = 0; n < tokens.size(); ++n) {
        if (!tokens[n].has(flag_capital))
          result.lower.insert(tokens[n].stem);
        else if (is_text && n > 0 && can_be_name(tokens[n], u.text))
          result.names.insert(tokens[n].stem);
      }
    }
  }
  return result;
}

sentence_view view_of(const unit& u) {
  sentence_view result;
  std::string_view text = u.text;
  result.text = text;
  result.tokens = u.tokens;
  result.values = find_values(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool grouping = text[i] == ',' && i + 1 < text.size() && text[i + 1] != ' ';
    if (text.substr(i).starts_with(". "))
      result.bounds.push_back(i);
    if (!grouping
        && std::string_view{",;()"}.find(text[i]) != std::string_view::npos)
      result.bounds.push_back(i);
    if (text[i] != ' ')
      continue;
    for (std::string_view word : {" and ", " but ", " while ", " with ",
                                  " \xE2\x80\x94 ", " \xE2\x80\x93 "})
      if (text.substr(i).starts_with(word))
        result.bounds.push_back(i);
  }
  return result;
}

std::size_t bounds_between(const sentence_view& s, std::size_t a,
                           std::size_t b) {
  auto [low, high] = std::minmax(a, b);
  auto first = std::lower_bound(s.bounds.begin(), s.bounds.end(), low);
  auto last = std::lower_bound(s.bounds.begin(), s.bounds.end(), high);
  return static_cast<std::size_t>(last - first);
}

} // namespace brigade::core::extractive
