/// Exact money. Every amount in Brigade is a whole number of pico-dollars
/// (1e-12 USD), so that the price of a single token is exact: prices are given
/// in dollars per million tokens with at most six decimals.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// An amount of money in pico-dollars. The range of the type is about
/// 9.2 million dollars; sums saturate instead of wrapping around, so that an
/// overflow can only make an amount look too large to buy.
struct pico_usd {
  std::int64_t value = 0;

  friend auto operator<=>(const pico_usd&, const pico_usd&) = default;

  /// The largest amount; also the meaning of "no ceiling".
  static constexpr pico_usd max() {
    return {std::numeric_limits<std::int64_t>::max()};
  }
};

/// Pico-dollars in one dollar.
inline constexpr std::int64_t pico_per_usd = 1'000'000'000'000;

/// Saturating sum and difference.
pico_usd operator+(pico_usd lhs, pico_usd rhs);
pico_usd operator-(pico_usd lhs, pico_usd rhs);
pico_usd& operator+=(pico_usd& lhs, pico_usd rhs);
pico_usd& operator-=(pico_usd& lhs, pico_usd rhs);

/// `unit` times `count`, saturating. `unit` must not be negative.
pico_usd times(pico_usd unit, std::uint64_t count);

/// Reads a plain decimal such as `0.50` or `12`: no sign, no exponent, at most
/// 12 decimals. Returns nothing for anything else or when out of range.
std::optional<pico_usd> parse_usd(std::string_view text);

/// The exact decimal text in dollars without trailing zeros: `0.0432`, `0`.
std::string to_decimal(pico_usd amount);

/// The amount rounded up to `decimals` decimals, for people: `0.0433`.
std::string to_display(pico_usd amount, int decimals = 4);

} // namespace brigade::core
