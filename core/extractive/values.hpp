/// Values in a text: money, percentages, quantities with units, counts, dates.
/// Two ways to write one value give equal values.
#pragma once

#include "brigade/core/extractive/text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core::extractive {

enum class value_kind : std::uint8_t {
  money,
  percent,
  /// A number with a unit of measure; `unit` is the dimension.
  quantity,
  /// A number of things; `nouns` name them.
  count,
  date,
  /// Minutes since midnight.
  clock,
  version,
  /// A proper name in a slot such as `led by`.
  name,
  /// A short text behind a key.
  text,
  /// Whether something is so: 1 or 0.
  truth,
};

struct value {
  value_kind kind = value_kind::count;
  /// Currency, dimension or slot; 0 when there is none.
  term unit = 0;
  /// In the base unit of the dimension; both ends included.
  double low = 0;
  double high = 0;
  /// Of a date; 0 when not given. A quarter has month 13 to 16.
  int year = 0;
  int month = 0;
  int day = 0;
  /// `about`, `roughly`; or a number with a scale word, which is rounded.
  bool approximate = false;
  /// The step of the last digit that was given, for rounded numbers.
  double step = 0;
  /// In months or years, which have no exact length.
  bool calendar = false;
  /// `at least` is 1, `at most` -1.
  int bound = 0;
  /// What is counted, nearest first; empty for bare numbers.
  std::vector<term> nouns;
  /// `per month` and the like; 0 for none.
  term per = 0;
  /// The words of a name or text.
  std::vector<term> words;
  /// As written, with its place in the text.
  std::string shown;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Further values of one unit of text are passed over.
inline constexpr std::size_t values_max = 24;

/// The numbers and dates in `text`, in order.
std::vector<value> find_values(std::string_view text);

/// Whether two values of one kind and unit can both be true of one thing.
bool agree(const value& lhs, const value& rhs);

/// Whether the values are of kinds and units that can be compared at all.
bool are_comparable(const value& lhs, const value& rhs);

} // namespace brigade::core::extractive
