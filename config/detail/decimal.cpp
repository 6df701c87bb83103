#include "brigade/config/detail/decimal.hpp"

#include "brigade/core/money/money.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace brigade::config::detail {

namespace {

// Every decimal with this many digits survives a binary double.
// Source: std::numeric_limits<double>::digits10.
constexpr std::ptrdiff_t exact_digits_max = 15;

// The longest fixed form of a double: 5e-324.
constexpr std::size_t fixed_bytes_max = 1100;

// Pico-dollars have twelve decimals.
constexpr int pico_digits = 12;

scaled fault(std::string text) {
  return {0, std::move(text)};
}

/// The decimal text of a TOML number, or a fault.
std::string decimal_of(double number, std::string& why) {
  if (!std::isfinite(number)) {
    why = "must be a finite number";
    return {};
  }
  std::array<char, fixed_bytes_max> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 number, std::chars_format::fixed);
  std::string text{buffer.data(), end.ptr};
  std::string_view digits{text};
  digits.remove_prefix(
      std::min(digits.find_first_not_of("-0."), digits.size()));
  const auto point = std::count(digits.begin(), digits.end(), '.');
  if (std::ptrdiff_t(digits.size()) - point > exact_digits_max)
    why = "has too many digits for a TOML number: write it as a string, such "
          "as \"0.50\"";
  return text;
}

} // namespace

scaled read_scaled(const node& from, std::string_view text, int digits) {
  std::string decimal{text};
  std::string why;
  if (from.kind == node_kind::integer)
    decimal = std::to_string(from.integer);
  else if (from.kind == node_kind::number)
    decimal = decimal_of(from.number, why);
  if (why.empty() && decimal.starts_with('-'))
    why = "must not be negative";
  if (!why.empty())
    return fault(std::move(why));
  const auto point = decimal.find('.');
  const auto decimals =
      point == std::string::npos ? 0 : decimal.size() - point - 1;
  const auto most = static_cast<std::size_t>(digits);
  if (decimals > most
      && decimal.find_first_not_of("0123456789.") == std::string::npos)
    return fault("must not have more than " + std::to_string(digits)
                 + " decimals");
  const auto pico = core::parse_usd(decimal);
  if (!pico) {
    const bool plain =
        !decimal.empty()
        && decimal.find_first_not_of("0123456789.") == std::string::npos;
    return fault(plain ? "is too large"
                       : "must be a plain decimal number such as 0.50");
  }
  std::int64_t divisor = 1;
  for (int i = digits; i < pico_digits; ++i)
    divisor *= 10;
  return {pico->value / divisor, {}};
}

std::string scaled_text(std::int64_t value, int digits) {
  std::int64_t factor = 1;
  for (int i = digits; i < pico_digits; ++i)
    factor *= 10;
  return core::to_decimal(core::pico_usd{value * factor});
}

} // namespace brigade::config::detail
