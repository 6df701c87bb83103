/// Decimal numbers of a crew file without rounding.
#pragma once

#include "brigade/config/detail/node.hpp"

#include <cstdint>
#include <string>

namespace brigade::config::detail {

/// A number times a power of ten, or why it cannot be read exactly.
struct scaled {
  std::int64_t value = 0;
  /// Empty: `value` is exact. Else what the value must be, as the end of a
  /// sentence: `must not be negative`.
  std::string fault;
};

/// Reads an integer, a number or a decimal string as `n * 10^digits`. TOML
/// numbers are binary: their shortest decimal form is what was typed as long
/// as that had at most 15 digits; longer ones are refused, and a string is
/// exact at any length. `digits` is at most 12.
scaled read_scaled(const node& from, std::string_view text, int digits);

/// `value / 10^digits` without trailing zeros.
std::string scaled_text(std::int64_t value, int digits);

} // namespace brigade::config::detail
