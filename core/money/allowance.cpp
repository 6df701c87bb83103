#include "brigade/core/money/allowance.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

std::uint64_t add(std::uint64_t lhs, std::uint64_t rhs) {
  return lhs > unlimited - rhs ? unlimited : lhs + rhs;
}

std::uint64_t take(std::uint64_t lhs, std::uint64_t rhs) {
  // What has no ceiling has none after anything was taken from it.
  return lhs == unlimited ? lhs : lhs - std::min(lhs, rhs);
}

} // namespace

allowance operator+(const allowance& lhs, const allowance& rhs) {
  return {lhs.cost + rhs.cost, add(lhs.tokens, rhs.tokens),
          add(lhs.calls, rhs.calls), add(lhs.tasks, rhs.tasks)};
}

allowance operator-(const allowance& lhs, const allowance& rhs) {
  return {lhs.cost == pico_usd::max()
              ? lhs.cost
              : std::max(pico_usd{0}, lhs.cost - rhs.cost),
          take(lhs.tokens, rhs.tokens), take(lhs.calls, rhs.calls),
          take(lhs.tasks, rhs.tasks)};
}

allowance min(const allowance& lhs, const allowance& rhs) {
  return {std::min(lhs.cost, rhs.cost), std::min(lhs.tokens, rhs.tokens),
          std::min(lhs.calls, rhs.calls), std::min(lhs.tasks, rhs.tasks)};
}

bool fits(const allowance& amount, const allowance& room) {
  return amount.cost <= room.cost && amount.tokens <= room.tokens
         && amount.calls <= room.calls && amount.tasks <= room.tasks;
}

} // namespace brigade::core
