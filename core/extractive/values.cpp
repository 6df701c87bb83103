#include "brigade/core/extractive/values.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/measures.hpp"
#include "brigade/core/extractive/numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace brigade::core::extractive {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The lower-case word or sign at `at`, blanks in front skipped.
std::pair<std::string, std::size_t> word_at(std::string_view text,
                                            std::size_t at) {
  scanner in{text, at};
  in.skip_blanks();
  if (in.peek() == '-' && is_alpha(in.peek(1)))
    in.skip(1); // `30-day`
  auto first = in.at();
  auto last = first;
  auto is_part = [&](char c) {
    return is_alpha(c) || static_cast<unsigned char>(c) >= 0x80 || c == '$';
  };
  while (last < text.size() && last - first < 24 && is_part(text[last]))
    ++last;
  if (last > first && text.substr(last).starts_with("/h"))
    last += 2; // `km/h`
  return {to_lower(text.substr(first, last - first)), last};
}

void apply_scale(value& v, number& n, std::string_view text) {
  for (int i = 0; i < 2; ++i) {
    auto [word, last] = word_at(text, n.last);
    auto scale = scale_of(word);
    bool tight = n.last < text.size() && is_alpha(text[n.last]);
    if (scale == 0 && v.kind == value_kind::money
        && (word == "m" || word == "b"))
      scale = word == "m" ? 1e6 : 1e9;
    if (scale == 0 && tight && word == "m" && v.unit != 0)
      scale = 1e6;
    if (scale == 0)
      return;
    n.value *= scale;
    n.step *= scale;
    n.last = last;
    v.approximate = true;
  }
}

/// `per month`, `/month`, `a month`, `monthly`, `each year`.
void read_period(value& v, std::string_view text, std::size_t at) {
  scanner in{text, at};
  in.skip_blanks();
  bool marked = in.take("/") || in.take("per ") || in.take("a ")
                || in.take("an ") || in.take("each ") || in.take("every ");
  if (marked)
    in.skip_blanks();
  auto word = to_lower(in.take_word());
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5>
      adverbs{{{"monthly", "month"},
               {"annually", "year"},
               {"yearly", "year"},
               {"daily", "day"},
               {"weekly", "week"}}};
  for (auto& [adverb, noun] : adverbs)
    if (word == adverb) {
      marked = true;
      word = noun;
    }
  if (!marked || word.empty())
    return;
  if (word == "annum")
    word = "year";
  v.per = hash_term(stem(word));
  v.last = in.at();
}

/// Names what is counted: up to four words behind the number.
void read_nouns(value& v, std::string_view text) {
  auto rest = text.substr(v.last);
  std::size_t end = 0;
  for (auto& t : tokenize(clip(rest, 80), 6)) {
    auto gap = rest.substr(end, t.offset - end);
    bool is_gap = gap.find_first_not_of(" -*_") == std::string_view::npos;
    if (!is_gap || !t.is_content() || t.has(flag_digit) || v.nouns.size() == 3)
      break;
    end = t.offset + t.size;
    v.nouns.push_back(t.meaning);
  }
  // `75 people work for us` counts staff.
  static const auto people = stem_term("people");
  static const auto work = stem_term("work");
  static const auto staff = tokenize("staff")[0].meaning;
  auto has = [&v](term noun) {
    return std::find(v.nouns.begin(), v.nouns.end(), noun) != v.nouns.end();
  };
  if (has(people) && has(work))
    v.nouns.push_back(staff);
}

/// Fills in kind and unit from what stands behind the number.
void read_unit(value& v, number& n, std::string_view text) {
  apply_scale(v, n, text);
  v.low = v.high = n.value;
  v.step = n.step;
  v.last = n.last;
  auto rest = text.substr(n.last);
  auto [word, last] = word_at(text, n.last);
  if (rest.starts_with('%') || rest.starts_with(" %")) {
    v.kind = value_kind::percent;
    v.last = n.last + (rest.starts_with('%') ? 1u : 2u);
  } else if (word == "percent" || word == "pct") {
    v.kind = value_kind::percent;
    v.last = last;
  } else if (word == "per" && to_lower(clip(rest, 9)).ends_with("cent")) {
    v.kind = value_kind::percent;
    v.last = n.last + 9;
  } else if (v.kind == value_kind::money) {
    if (currency_of(word) != 0 && rest.starts_with(' ') && word != "cents")
      v.last = last;
  } else if (auto currency = currency_of(word); currency != 0) {
    v.kind = value_kind::money;
    v.unit = currency;
    v.last = last;
  } else if (auto unit = measure_of(word)) {
    v.kind = value_kind::quantity;
    v.unit = unit->dimension;
    v.calendar = unit->dimension == dimension_time && unit->factor > 2e6;
    v.low = v.high = n.value * unit->factor;
    v.step = n.step * unit->factor;
    v.last = last;
  } else {
    v.kind = value_kind::count;
    read_nouns(v, text);
  }
}

/// Hedges and bounds in front of a value.
void read_hedge(value& v, std::string_view text) {
  auto from = v.first > 24 ? v.first - 24 : 0;
  auto before = to_lower(trim(text.substr(from, v.first - from)));
  auto ends = [&before](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](auto word) { return before.ends_with(word); });
  };
  if (ends({"about", "around", "roughly", "approximately", "nearly", "almost",
            "some", "circa", "~", "approx.", "close to"})) {
    v.approximate = true;
    v.step = std::max(v.step, std::abs(v.low) * 0.1);
  } else if (ends({"at least", "more than", "over", "minimum of", "above",
                   "no less than", "exceeds"})) {
    v.bound = 1;
  } else if (ends({"at most", "up to", "less than", "under", "maximum of",
                   "below", "no more than", "fewer than"})) {
    v.bound = -1;
  }
}

/// `10-12 days`, `10 to 12 days`, `between 10 and 12 days`.
bool read_range(value& v, number& n, std::string_view text, std::size_t at) {
  scanner in{text, n.last};
  in.skip_blanks();
  auto before =
      to_lower(text.substr(at > 9 ? at - 9 : 0, std::min<std::size_t>(at, 9)));
  bool joined = in.take("-") || in.take("\xE2\x80\x93") || in.take("to ")
                || (before.ends_with("between ") && in.take("and "));
  if (!joined)
    return false;
  in.skip_blanks();
  if (in.take("$") || in.take("\xE2\x82\xAC") || in.take("\xC2\xA3"))
    in.skip_blanks();
  auto other = digits_at(text, in.at());
  if (!other || other->value <= n.value)
    return false;
  auto low = n.value;
  auto high = other->value;
  read_unit(v, *other, text);
  auto scale = high == 0 ? 1 : v.high / high;
  v.low = low * scale;
  return true;
}

bool is_designator(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 14> words{
      "step ",  "section ", "figure ",   "table ", "chapter ", "page ", "line ",
      "phase ", "item ",    "appendix ", "no. ",   "version ", "part ", "#"};
  auto from = at > 10 ? at - 10 : 0;
  auto before = to_lower(text.substr(from, at - from));
  return std::any_of(words.begin(), words.end(),
                     [&](auto word) { return before.ends_with(word); });
}

/// `v1.2.3`, `version 3.2`.
std::optional<value> version_at(std::string_view text, std::size_t at) {
  scanner in{text, at};
  if (!in.take("version ") && !(in.take("v") && is_digit(in.peek())))
    return {};
  in.take("v");
  auto first = in.at();
  while (is_digit(in.peek()) || (in.peek() == '.' && is_digit(in.peek(1))))
    in.skip(1);
  if (in.at() == first || is_alpha(in.peek()))
    return {};
  value v;
  v.kind = value_kind::version;
  v.first = at;
  v.last = in.at();
  v.words = {hash_term(text.substr(first, v.last - first))};
  v.shown = std::string{text.substr(at, v.last - at)};
  return v;
}

/// The number, amount of money or quantity that begins at `at`.
std::optional<value> amount_at(std::string_view text, std::size_t at) {
  value v;
  v.first = at;
  auto from = at;
  for (std::string_view sign :
       {"US$", "$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9",
        "USD ", "EUR ", "GBP ", "CHF ", "JPY "})
    if (text.substr(at).starts_with(sign)) {
      v.kind = value_kind::money;
      v.unit = currency_of(to_lower(trim(sign)));
      from = at + sign.size();
      break;
    }
  if (from < text.size() && text[from] == ' ' && from > at)
    ++from;
  auto n = from < text.size() && is_digit(text[from]) ? digits_at(text, from)
                                                      : words_at(text, from);
  if (!n || (v.kind != value_kind::money && is_designator(text, at)))
    return {};
  bool glued = n->last < text.size() && is_alpha(text[n->last]);
  if (!read_range(v, *n, text, at))
    read_unit(v, *n, text);
  // `4K2`, `2nd`, `A4`: names, not numbers.
  if (glued && v.kind == value_kind::count && v.last == n->last)
    return {};
  bool is_one = n->value == 1 && !is_digit(text[from]);
  if (is_one && v.kind == value_kind::count)
    return {}; // Mostly a pronoun.
  v.shown = std::string{trim(text.substr(v.first, v.last - v.first))};
  read_period(v, text, v.last);
  read_hedge(v, text);
  return v;
}

} // namespace

std::vector<value> find_values(std::string_view text) {
  std::vector<value> result;
  std::size_t i = 0;
  while (i < text.size() && result.size() < values_max) {
    auto c = text[i];
    bool in_word =
        i > 0
        && (is_alpha(text[i - 1]) || is_digit(text[i - 1])
            || (text[i - 1] == '.' && i > 1 && is_digit(text[i - 2])));
    bool may_begin = is_digit(c) || is_alpha(c) || c == '$'
                     || static_cast<unsigned char>(c) >= 0xC2;
    if (in_word || !may_begin) {
      ++i;
      continue;
    }
    auto found = is_alpha(c) ? version_at(text, i) : std::nullopt;
    if (!found && (is_digit(c) || is_alpha(c)))
      found = date_at(text, i);
    if (!found)
      found = amount_at(text, i);
    if (found && found->last > i) {
      i = found->last;
      result.push_back(std::move(*found));
    } else if (is_alpha(c)) {
      while (i < text.size() && is_alpha(text[i]))
        ++i;
    } else if (is_digit(c)) {
      while (i < text.size() && is_digit(text[i]))
        ++i;
    } else {
      ++i;
    }
  }
  return result;
}

} // namespace brigade::core::extractive
