// Whether two values can both be true of one thing.
#include "brigade/core/extractive/values.hpp"

#include <algorithm>
#include <cmath>

namespace brigade::core::extractive {

bool are_comparable(const value& lhs, const value& rhs) {
  if (lhs.kind != rhs.kind || lhs.unit != rhs.unit)
    return false;
  if (lhs.per != 0 && rhs.per != 0 && lhs.per != rhs.per)
    return false;
  if (lhs.kind == value_kind::date) {
    // A month and a quarter, or a day without a year and a bare year.
    bool quarters = (lhs.month > 12) == (rhs.month > 12);
    bool share =
        (lhs.year != 0 && rhs.year != 0) || (lhs.month != 0 && rhs.month != 0);
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
