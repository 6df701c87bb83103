#include "brigade/core/money/money.hpp"

#include <cassert>

namespace brigade::core {

namespace {

constexpr int decimals_max = 12;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

pico_usd operator+(pico_usd lhs, pico_usd rhs) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(lhs.value, rhs.value, &sum))
    return {sum};
  return rhs.value > 0 ? pico_usd::max()
                       : pico_usd{std::numeric_limits<std::int64_t>::min()};
}

pico_usd operator-(pico_usd lhs, pico_usd rhs) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(lhs.value, rhs.value, &difference))
    return {difference};
  return rhs.value < 0 ? pico_usd::max()
                       : pico_usd{std::numeric_limits<std::int64_t>::min()};
}

pico_usd& operator+=(pico_usd& lhs, pico_usd rhs) {
  return lhs = lhs + rhs;
}

pico_usd& operator-=(pico_usd& lhs, pico_usd rhs) {
  return lhs = lhs - rhs;
}

pico_usd times(pico_usd unit, std::uint64_t count) {
  assert(unit.value >= 0);
  std::int64_t product = 0;
  if (__builtin_mul_overflow(unit.value, count, &product))
    return pico_usd::max();
  return {product};
}

std::optional<pico_usd> parse_usd(std::string_view text) {
  std::int64_t value = 0;
  int decimals = -1; // -1: before the point.
  bool any = false;
  for (char c : text) {
    if (c == '.') {
      if (decimals >= 0 || !any)
        return std::nullopt;
      decimals = 0;
      any = false; // A digit must follow the point.
      continue;
    }
    if (!is_digit(c) || (decimals >= 0 && ++decimals > decimals_max))
      return std::nullopt;
    any = true;
    if (__builtin_mul_overflow(value, 10, &value)
        || __builtin_add_overflow(value, c - '0', &value))
      return std::nullopt;
  }
  if (!any)
    return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < decimals_max; ++i)
    if (__builtin_mul_overflow(value, 10, &value))
      return std::nullopt;
  return pico_usd{value};
}

std::string to_decimal(pico_usd amount) {
  const bool negative = amount.value < 0;
  auto magnitude = static_cast<std::uint64_t>(amount.value);
  if (negative)
    magnitude = ~magnitude + 1;
  constexpr auto unit = static_cast<std::uint64_t>(pico_per_usd);
  std::string result = negative ? "-" : "";
  result += std::to_string(magnitude / unit);
  auto rest = magnitude % unit;
  if (rest == 0)
    return result;
  auto digits = std::to_string(rest);
  digits.insert(0, static_cast<std::size_t>(decimals_max) - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return result + "." + digits;
}

std::string to_display(pico_usd amount, int decimals) {
  assert(decimals > 0 && decimals <= decimals_max);
  std::int64_t step = 1;
  for (int i = decimals; i < decimals_max; ++i)
    step *= 10;
  auto rest = amount.value % step;
  if (rest > 0)
    amount = amount + pico_usd{step - rest};
  else if (rest < 0)
    amount = amount - pico_usd{rest};
  auto text = to_decimal(amount);
  auto point = text.find('.');
  if (point == std::string::npos) {
    point = text.size();
    text += '.';
  }
  text.resize(point + 1 + static_cast<std::size_t>(decimals), '0');
  return text;
}

} // namespace brigade::core
