#include "brigade/core/extractive/dates.hpp"

#include <algorithm>
#include <array>

namespace brigade::core::extractive {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_year(int n) {
  return n >= 1500 && n <= 2150;
}

value make_date(std::string_view text, std::size_t first, std::size_t last,
                int year, int month, int day) {
  value result;
  result.kind = value_kind::date;
  result.year = year;
  result.month = month;
  result.day = day;
  result.first = first;
  result.last = last;
  result.shown = std::string{text.substr(first, last - first)};
  return result;
}

/// `2024-03-05`, `2024/03/05`, `2024-03`.
std::optional<value> iso_date(std::string_view text, std::size_t at) {
  scanner in{text, at};
  auto year = in.take_number(4, 4);
  char mark = in.peek();
  if (!is_year(year) || (mark != '-' && mark != '/'))
    return {};
  in.skip(1);
  auto month = in.take_number(2, 2);
  if (month < 1 || month > 12)
    return {};
  auto end = in.at();
  if (in.peek() == mark) {
    in.skip(1);
    auto day = in.take_number(2, 2);
    if (day >= 1 && day <= 31)
      return make_date(text, at, in.at(), year, month, day);
  }
  if (mark == '/')
    return {};
  return make_date(text, at, end, year, month, 0);
}

/// `05/03/2024`, `5.3.2024`. Where the order is open, the day comes first and
/// `approximate` says so.
std::optional<value> slash_date(std::string_view text, std::size_t at) {
  scanner in{text, at};
  auto a = in.take_number(1, 2);
  char mark = in.peek();
  if (a < 1 || (mark != '/' && mark != '.'))
    return {};
  in.skip(1);
  auto b = in.take_number(1, 2);
  if (b < 1 || in.peek() != mark)
    return {};
  in.skip(1);
  auto year = in.take_number(4, 4);
  if (!is_year(year))
    return {};
  if (a <= 12 && b > 12 && b <= 31)
    return make_date(text, at, in.at(), year, a, b);
  if (a > 31 || b > 12)
    return {};
  auto result = make_date(text, at, in.at(), year, b, a);
  result.approximate = a <= 12 && a != b && mark == '/';
  return result;
}

void skip_ordinal(scanner& in) {
  for (auto ending : {"st", "nd", "rd", "th"})
    if (in.take(ending))
      return;
}

/// The year behind a month or day: `, 2024`, ` 2024`.
int year_behind(scanner& in) {
  auto probe = in;
  probe.take(",");
  if (!probe.skip_blanks())
    return 0;
  probe.take("of ");
  auto year = probe.take_number(4, 4);
  if (!is_year(year))
    return 0;
  in = probe;
  return year;
}

/// `5 March 2024`, `5th of March`.
std::optional<value> day_month(std::string_view text, std::size_t at) {
  scanner in{text, at};
  auto day = in.take_number(1, 2);
  if (day < 1 || day > 31)
    return {};
  skip_ordinal(in);
  if (!in.skip_blanks())
    return {};
  if (in.take("of"))
    in.skip_blanks();
  auto month = month_of(in.take_word());
  if (month == 0)
    return {};
  in.take(".");
  auto year = year_behind(in);
  return make_date(text, at, in.at(), year, month, day);
}

/// `March 5, 2024`, `March 2024`, `March 5th`.
std::optional<value> month_day(std::string_view text, std::size_t at) {
  scanner in{text, at};
  if (!starts_with_capital(text.substr(at)))
    return {};
  auto month = month_of(in.take_word());
  if (month == 0)
    return {};
  in.take(".");
  auto alone = in;
  if (auto year = year_behind(in); year != 0)
    return make_date(text, at, in.at(), year, month, 0);
  in = alone;
  if (!in.skip_blanks())
    return {};
  auto day = in.take_number(1, 2);
  if (day < 1 || day > 31)
    return {};
  skip_ordinal(in);
  auto year = year_behind(in);
  return make_date(text, at, in.at(), year, month, day);
}

/// `Q1 2024`, `Q1`.
std::optional<value> quarter(std::string_view text, std::size_t at) {
  scanner in{text, at};
  if (!in.take("q") || in.peek() < '1' || in.peek() > '4'
      || is_digit(in.peek(1)) || is_alpha(in.peek(1)))
    return {};
  int month = 12 + (in.peek() - '0');
  in.skip(1);
  auto year = year_behind(in);
  return make_date(text, at, in.at(), year, month, 0);
}

std::optional<value> clock(std::string_view text, std::size_t at) {
  scanner in{text, at};
  auto hour = in.take_number(1, 2);
  int minute = 0;
  if (hour < 0 || hour > 24)
    return {};
  bool has_minutes =
      in.peek() == ':' || (in.peek() == '.' && is_digit(in.peek(1)));
  if (has_minutes) {
    in.skip(1);
    minute = in.take_number(2, 2);
    if (minute < 0 || minute > 59)
      return {};
  }
  auto plain = in;
  in.skip_blanks();
  bool has_half = true;
  if (in.take("a.m.") || in.take("am"))
    hour %= 12;
  else if (in.take("p.m.") || in.take("pm"))
    hour = hour % 12 + 12;
  else
    has_half = false;
  if (is_alpha(in.peek()))
    has_half = false;
  if (!has_half) {
    in = plain;
    if (!has_minutes || text[plain.at() - 3] != ':' || in.peek() == ':')
      return {};
  }
  auto result = make_date(text, at, in.at(), 0, 0, 0);
  result.kind = value_kind::clock;
  result.low = result.high = hour * 60 + minute;
  return result;
}

/// A bare year: behind a word that calls for one, in brackets or alone.
std::optional<value> bare_year(std::string_view text, std::size_t at) {
  scanner in{text, at};
  auto year = in.take_number(4, 4);
  if (!is_year(year) || is_alpha(in.peek())
      || ((in.peek() == '.' || in.peek() == ',') && is_digit(in.peek(1))))
    return {};
  constexpr std::array<std::string_view, 18> callers{
      "in ",   "since ", "by ",     "until ",   "from ",  "during ",
      "year ", "after ", "before ", "between ", "early ", "late ",
      "mid-",  "for ",   "est. ",   "fy ",      "c. ",    "circa "};
  auto before =
      to_lower(text.substr(at > 8 ? at - 8 : 0, std::min<std::size_t>(at, 8)));
  bool called = std::any_of(callers.begin(), callers.end(), [&](auto caller) {
    return before.ends_with(caller);
  });
  bool bracketed = at > 0 && text[at - 1] == '(' && in.peek() == ')';
  bool alone = at == 0 && in.is_done();
  if (!called && !bracketed && !alone)
    return {};
  return make_date(text, at, in.at(), year, 0, 0);
}

} // namespace

bool scanner::skip_blanks() {
  auto before = at_;
  while (at_ < text_.size() && text_[at_] == ' ')
    ++at_;
  return at_ > before;
}

bool scanner::take(std::string_view part) {
  if (at_ + part.size() > text_.size())
    return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    auto c = text_[at_ + i];
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    if (c != part[i])
      return false;
  }
  at_ += part.size();
  return true;
}

int scanner::take_number(std::size_t digits_min, std::size_t digits_max) {
  std::size_t n = 0;
  int result = 0;
  while (n <= digits_max && is_digit(peek(n))) {
    result = result * 10 + (peek(n) - '0');
    ++n;
  }
  if (n < digits_min || n > digits_max)
    return -1;
  at_ += n;
  return result;
}

std::string_view scanner::take_word() {
  auto first = at_;
  while (is_alpha(peek()))
    ++at_;
  return text_.substr(first, at_ - first);
}

int month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> months{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  if (word.size() < 3 || word.size() > 9
      || std::string_view{"jfmasondJFMASOND"}.find(word[0])
             == std::string_view::npos)
    return 0;
  auto lower = to_lower(word);
  for (std::size_t i = 0; i < months.size(); ++i)
    if (lower == months[i]
        || (lower.size() == 3 && months[i].starts_with(lower))
        || (i == 8 && lower == "sept"))
      return static_cast<int>(i) + 1;
  return 0;
}

std::optional<value> date_at(std::string_view text, std::size_t at) {
  if (is_digit(text[at])) {
    for (auto form : {iso_date, slash_date, day_month, clock, bare_year})
      if (auto result = form(text, at))
        return result;
    return {};
  }
  for (auto form : {month_day, quarter})
    if (auto result = form(text, at))
      return result;
  return {};
}

} // namespace brigade::core::extractive
