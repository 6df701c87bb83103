#include "brigade/core/extractive/values.hpp"

#include "brigade/core/extractive/dates.hpp"
#include "brigade/core/extractive/measures.hpp"
#include "brigade/core/extractive/thesaurus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace brigade::core::extractive {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct number {
  double value = 0;
  /// The worth of the last digit.
  double step = 1;
  std::size_t last = 0;
  bool grouped = false;
};

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

/// `1,200`, `1 200`, `4.5`; at most 15 digits are read.
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

/// `twelve`, `twenty-five`, `two dozen`.
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
    if (scale == 0 && v.kind == value_kind::money && (word == "m" || word == "b"))
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
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> adverbs{
    {{"monthly", "month"}, {"annually", "year"}, {"yearly", "year"},
     {"daily", "day"}, {"weekly", "week"}}};
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
    return std::any_of(words.begin(), words.end(), [&](auto word) {
      return before.ends_with(word);
    });
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
  auto before = to_lower(text.substr(at > 9 ? at - 9 : 0, std::min<std::size_t>(at, 9)));
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
    "step ",   "section ", "figure ", "table ",   "chapter ", "page ", "line ",
    "phase ",  "item ",    "appendix ", "no. ",   "version ", "part ", "#"};
  auto from = at > 10 ? at - 10 : 0;
  auto before = to_lower(text.substr(from, at - from));
  return std::any_of(words.begin(), words.end(), [&](auto word) {
    return before.ends_with(word);
  });
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
    bool in_word = i > 0
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

bool are_comparable(const value& lhs, const value& rhs) {
  if (lhs.kind != rhs.kind || lhs.unit != rhs.unit)
    return false;
  if (lhs.per != 0 && rhs.per != 0 && lhs.per != rhs.per)
    return false;
  if (lhs.kind == value_kind::date) {
    // A month and a quarter, or a day without a year and a bare year.
    bool quarters = (lhs.month > 12) == (rhs.month > 12);
    bool share = (lhs.year != 0 && rhs.year != 0)
                 || (lhs.month != 0 && rhs.month != 0);
    return share && (quarters || lhs.month == 0 || rhs.month == 0);
  }
  return true;
}

namespace {

bool dates_agree(const value& a, const value& b) {
  auto same = [](int x, int y) { return x == 0 || y == 0 || x == y; };
  if (!same(a.year, b.year))
    return false;
  if (same(a.month, b.month) && same(a.day, b.day))
    return true;
  // The order of day and month is open: try the other one.
  return (a.approximate && same(a.day, b.month) && same(a.month, b.day))
         || (b.approximate && same(b.day, a.month) && same(b.month, a.day));
}

bool words_agree(const value& a, const value& b) {
  auto within = [](const value& small, const value& large) {
    return std::all_of(small.words.begin(), small.words.end(), [&](term w) {
      return std::find(large.words.begin(), large.words.end(), w)
             != large.words.end();
    });
  };
  if (a.words.empty() || b.words.empty())
    return true;
  if (within(a, b) || within(b, a))
    return true;
  // `M. Keller` and `Maria Keller`: the same last word.
  return a.kind == value_kind::name && a.words.size() > 1 && b.words.size() > 1
         && a.words.back() == b.words.back();
}

} // namespace

bool agree(const value& lhs, const value& rhs) {
  if (lhs.kind == value_kind::date)
    return dates_agree(lhs, rhs);
  if (lhs.kind == value_kind::name || lhs.kind == value_kind::text
      || lhs.kind == value_kind::version)
    return words_agree(lhs, rhs);
  if (lhs.bound > 0 && rhs.high >= lhs.low)
    return true;
  if (lhs.bound < 0 && rhs.low <= lhs.high)
    return true;
  if (rhs.bound > 0 && lhs.high >= rhs.low)
    return true;
  if (rhs.bound < 0 && lhs.low <= rhs.high)
    return true;
  auto size = std::max({std::abs(lhs.low), std::abs(lhs.high),
                        std::abs(rhs.low), std::abs(rhs.high), 1e-9});
  double slack = size * 1e-6;
  if (lhs.approximate)
    slack = std::max(slack, lhs.step * 0.5);
  if (rhs.approximate)
    slack = std::max(slack, rhs.step * 0.5);
  if (lhs.calendar != rhs.calendar)
    slack = std::max(slack, size * 0.05);
  if ((lhs.low == lhs.high) != (rhs.low == rhs.high))
    return lhs.low <= rhs.high + slack && rhs.low <= lhs.high + slack;
  return std::abs(lhs.low - rhs.low) <= slack
         && std::abs(lhs.high - rhs.high) <= slack;
}

} // namespace brigade::core::extractive
