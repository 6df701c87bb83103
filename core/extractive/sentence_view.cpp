#include "brigade/core/extractive/sentence_view.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/facts.hpp"

#include <algorithm>
#include <array>
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

std::vector<heading_note> read_headings(const document& doc,
                                        const vocabulary& words) {
  constexpr std::size_t words_max = 24;
  std::vector<heading_note> result;
  for (auto& s : doc.sections) {
    auto& note = result.emplace_back();
    for (auto& t : tokenize(s.heading, words_max))
      note.words.emplace_back(t, can_be_name(t, s.heading)
                                     && words.names.contains(t.stem));
    for (auto& v : find_values(s.heading))
      if (v.kind == value_kind::date && v.day == 0)
        note.dates.push_back(v);
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

bool refers_back(const sentence_view& s) {
  constexpr std::array<std::string_view, 8> pronouns{
      "it", "they", "he", "she", "its", "their", "his", "her"};
  constexpr std::array<std::string_view, 3> articles{"the", "this", "these"};
  if (s.tokens.empty())
    return false;
  auto first = to_lower(s.text.substr(s.tokens[0].offset, s.tokens[0].size));
  auto is_in = [&first](auto& words) {
    return std::find(words.begin(), words.end(), first) != words.end();
  };
  return is_in(pronouns)
         || (is_in(articles) && s.tokens.size() > 1
             && s.tokens[1].has(flag_weak));
}

} // namespace brigade::core::extractive
