#include "brigade/core/extractive/slots.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/thesaurus.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

constexpr std::size_t name_words_max = 4;
constexpr std::size_t phrase_words_max = 3;

/// Reads a sentence as words with the marks between them.
class slot_reader {
public:
  slot_reader(std::string_view text, const std::vector<token>& tokens)
      : text_(text), tokens_(tokens) {}

  std::vector<slot_value> read() {
    std::vector<slot_value> result;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!tokens_[i].has(flag_concept))
        continue;
      auto slot = slot_of(tokens_[i].meaning);
      if (slot == slot_kind::none || slot == slot_kind::event)
        continue;
      span found{0, 0};
      if (slot == slot_kind::place)
        found = place_behind(i);
      else if (slot == slot_kind::phrase)
        found = phrase_behind(i);
      else
        found = person_near(i);
      if (found.last > found.first)
        result.push_back(make(i, slot, found));
    }
    return result;
  }

private:
  struct span {
    std::size_t first;
    std::size_t last;
  };

  std::string word(std::size_t i) const {
    return to_lower(text_.substr(tokens_[i].offset, tokens_[i].size));
  }

  bool is_word(std::size_t i, std::string_view expected) const {
    return i < tokens_.size() && word(i) == expected;
  }

  template <std::size_t N>
  bool is_any(std::size_t i,
              const std::array<std::string_view, N>& words) const {
    return i < tokens_.size()
           && std::find(words.begin(), words.end(), word(i)) != words.end();
  }

  /// Titles such as `director` are no part of a name.
  static bool fills_person_slot(term meaning) {
    auto slot = slot_of(meaning);
    return slot != slot_kind::none && slot != slot_kind::event;
  }

  /// The marks between the word before `i` and `i`.
  std::string_view gap_before(std::size_t i) const {
    if (i == 0 || i >= tokens_.size())
      return {};
    auto first = tokens_[i - 1].offset + tokens_[i - 1].size;
    return text_.substr(first, tokens_[i].offset - first);
  }

  bool is_name(std::size_t i) const {
    return i < tokens_.size() && tokens_[i].has(flag_capital)
           && !tokens_[i].has(flag_stop)
           && !fills_person_slot(tokens_[i].meaning) && month_of(word(i)) == 0;
  }

  /// The run of capitalised words that begins at `i`.
  span name_at(std::size_t i) const {
    auto last = i;
    while (last - i < name_words_max && is_name(last)
           && (last == i || gap_before(last) == " " || gap_before(last) == ". "
               || gap_before(last) == "-"))
      ++last;
    return {i, last};
  }

  /// The run that ends before `i`.
  span name_before(std::size_t i) const {
    auto first = i;
    while (first > 0 && i - first < name_words_max && is_name(first - 1)
           && (first == i || gap_before(first) == " "
               || gap_before(first) == ". " || gap_before(first) == "-"))
      --first;
    return {first, i};
  }

  static constexpr std::array<std::string_view, 9> copulas{
      "is", "was",   "are",   "remains", "became",
      "as", "since", "named", "called"};
  static constexpr std::array<std::string_view, 12> fillers{
      "the", "a",    "an",  "its",  "current", "our",
      "new", "also", "has", "been", "who",     "currently"};

  span place_behind(std::size_t i) const {
    constexpr std::array<std::string_view, 5> preps{"in", "at", "near", "is",
                                                    "are"};
    auto at = i + 1;
    if (is_word(at, "of") || is_word(at, "for")) {
      auto owner = name_at(at + 1);
      at = std::max(owner.last, at + 1);
    }
    bool marked =
        at < tokens_.size()
        && gap_before(at).find_first_of(":|") != std::string_view::npos;
    for (int n = 0; n < 4 && is_any(at, preps); ++n, ++at)
      marked = true;
    if (is_word(at, "the"))
      ++at;
    return marked ? name_at(at) : span{0, 0};
  }

  span phrase_behind(std::size_t i) const {
    auto at = i + 1;
    if (is_word(at, "of") || is_word(at, "for")) {
      // `the licence of Acme is MIT`
      while (at < tokens_.size() && at < i + 7 && !is_any(at, copulas))
        ++at;
    }
    bool marked = is_any(at, copulas)
                  || gap_before(at).find(':') != std::string_view::npos;
    bool under = word(i).starts_with("licen")
                 && (is_word(at, "under") || is_word(at, "with"));
    if (!marked && !under)
      return {0, 0};
    while (is_any(at, copulas) || is_any(at, fillers) || is_word(at, "under"))
      ++at;
    auto last = at;
    while (
        last < tokens_.size() && last - at < phrase_words_max
        && tokens_[last].is_content()
        && (last == at || gap_before(last) == " " || gap_before(last) == "-"))
      ++last;
    return {at, last};
  }

  span person_near(std::size_t i) const {
    auto at = i + 1;
    // `led by NAME`, `headed since 2019 by NAME`
    for (std::size_t n = 0; n < 3; ++n)
      if (is_word(at + n, "by")) {
        auto after = at + n + 1;
        return name_at(is_any(after, fillers) ? after + 1 : after);
      }
    if (auto found = behind_noun(at); found.last > found.first)
      return found;
    return before_noun(i);
  }

  /// `the CEO of Acme is NAME`, `CEO: NAME`, `CEO NAME`.
  span behind_noun(std::size_t at) const {
    while (at < tokens_.size() && fills_person_slot(tokens_[at].meaning))
      ++at; // `chief executive officer`
    if (is_word(at, "executive") || is_word(at, "officer")
        || is_word(at, "director"))
      ++at;
    if (is_word(at, "officer"))
      ++at;
    bool has_owner =
        is_word(at, "of") || is_word(at, "for") || is_word(at, "at");
    if (has_owner) {
      ++at;
      for (std::size_t n = 0;
           n < 6 && at < tokens_.size() && !is_any(at, copulas); ++n)
        ++at;
    }
    auto gap = gap_before(at);
    bool adjacent = gap == " " || gap == ", ";
    bool marked = is_any(at, copulas)
                  || gap.find_first_of(":|") != std::string_view::npos;
    for (std::size_t n = 0;
         n < 3 && (is_any(at, copulas) || is_any(at, fillers)); ++n)
      ++at;
    if (!marked && (has_owner || !adjacent))
      return {0, 0};
    auto found = name_at(at);
    // `CEO Acme` is no person; two words at least without a mark.
    if (!marked && found.last - found.first < 2)
      return {0, 0};
    return found;
  }

  /// `NAME is the CEO`, `NAME, chief executive`, `NAME leads Acme`.
  span before_noun(std::size_t i) const {
    auto at = i;
    bool crossed = false;
    for (std::size_t n = 0; n < 6 && at > 0; ++n) {
      auto w = at - 1;
      bool skips = is_any(w, copulas) || is_any(w, fillers)
                   || is_word(w, "chief") || is_word(w, "managing")
                   || is_word(w, "serves") || is_word(w, "acts")
                   || is_word(w, "works");
      if (!skips)
        break;
      crossed = true;
      --at;
    }
    auto gap = gap_before(at);
    if (gap != " " && gap != ", ")
      return {0, 0};
    bool is_verb = word(i).ends_with("s") || word(i).ends_with("ed")
                   || word(i) == "led" || word(i) == "wrote";
    if (!crossed && gap == " " && !is_verb)
      return {0, 0};
    auto found = name_before(at);
    return found.last - found.first >= 2 ? found : span{0, 0};
  }

  slot_value make(std::size_t at, slot_kind slot, span found) const {
    slot_value result;
    result.at = at;
    auto& v = result.value;
    v.kind = slot == slot_kind::phrase ? value_kind::text : value_kind::name;
    v.unit = tokens_[at].meaning;
    v.first = tokens_[found.first].offset;
    v.last = tokens_[found.last - 1].offset + tokens_[found.last - 1].size;
    for (auto i = found.first; i < found.last; ++i)
      v.words.push_back(tokens_[i].stem);
    v.shown = std::string{text_.substr(v.first, v.last - v.first)};
    return result;
  }

  std::string_view text_;
  const std::vector<token>& tokens_;
};

} // namespace

std::vector<slot_value> find_slots(std::string_view text,
                                   const std::vector<token>& tokens) {
  return slot_reader{text, tokens}.read();
}

polarity polarity_of(std::string_view text, const std::vector<token>& tokens) {
  constexpr std::array<std::string_view, 24> negations{
      "not",    "no",     "never",    "without",  "cannot",     "none",
      "lacks",  "lack",   "isn't",    "aren't",   "doesn't",    "don't",
      "won't",  "can't",  "didn't",   "wasn't",   "neither",    "unsupported",
      "hasn't", "unable", "excludes", "excluded", "prohibited", "forbidden"};
  constexpr std::array<std::string_view, 6> opposites{
      "closed",      "optional",  "disabled",
      "unavailable", "voluntary", "prohibits"};
  polarity result;
  for (auto& t : tokens) {
    if (!t.has(flag_negates))
      continue;
    auto word = to_lower(text.substr(t.offset, t.size));
    if (auto mark = word.find("\xE2\x80\x99"); mark != std::string::npos)
      word = word.substr(0, mark) + "'" + word.substr(mark + 3);
    bool negates =
        std::find(negations.begin(), negations.end(), word) != negations.end();
    bool opposes =
        std::find(opposites.begin(), opposites.end(), word) != opposites.end();
    // `No. The crew stays.` and `No, it stays.` answer a question.
    auto end = t.offset + t.size;
    if (&t == tokens.data() && word == "no" && end < text.size()
        && text[end] != ' ')
      continue;
    if (negates || opposes) {
      result.is_positive = !result.is_positive;
      result.carriers.push_back(t.meaning);
    }
  }
  return result;
}

int truth_of(std::string_view text) {
  auto lower = to_lower(trim(text));
  for (auto yes :
       {"yes", "true", "included", "supported", "enabled", "available",
        "required", "allowed", "\xE2\x9C\x93", "\xE2\x9C\x85"})
    if (lower == yes)
      return 1;
  for (auto no :
       {"no", "false", "none", "not included", "not supported", "unsupported",
        "disabled", "unavailable", "not available", "optional", "not required",
        "not allowed", "excluded", "\xE2\x9C\x97", "\xE2\x9D\x8C"})
    if (lower == no)
      return 0;
  return -1;
}

} // namespace brigade::core::extractive
