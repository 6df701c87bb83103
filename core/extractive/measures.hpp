/// Units of measure, number words and scale words.
#pragma once

#include "brigade/core/extractive/text.hpp"

#include <optional>
#include <string_view>

namespace brigade::core::extractive {

/// A unit of measure: its dimension, and what one is in the base unit.
struct measure {
  term dimension = 0;
  double factor = 1;
};

/// The unit that a lower-case word or sign names: `km`, `hours`, `gb`.
std::optional<measure> measure_of(std::string_view word);

/// Degrees Celsius and Fahrenheit, which differ by more than a factor, have
/// these dimensions.
inline constexpr term dimension_time = hash_term("#time");

/// The currency of a sign, code or word: `$`, `eur`, `dollars`; 0 for none.
term currency_of(std::string_view word);

/// 1e6 for `million`; 0 for words that are no scale.
double scale_of(std::string_view word);

/// 12 for `twelve`; -1 for words that are no number.
int number_word(std::string_view word);

} // namespace brigade::core::extractive
