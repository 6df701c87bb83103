/// What a ledger counts: money, tokens, calls and subtasks.
#pragma once

#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <limits>

namespace brigade::core {

/// The meaning of "no ceiling" for a count.
inline constexpr std::uint64_t unlimited =
    std::numeric_limits<std::uint64_t>::max();

/// An amount of everything that a run may use up. Sums saturate, so that an
/// overflow can only make an amount look too large to get.
struct allowance {
  pico_usd cost;
  /// Input and output together.
  std::uint64_t tokens = 0;
  std::uint64_t calls = 0;
  std::uint64_t tasks = 0;

  friend bool operator==(const allowance&, const allowance&) = default;

  static constexpr allowance max() {
    return {pico_usd::max(), unlimited, unlimited, unlimited};
  }
};

/// Part by part; a difference is never below zero.
allowance operator+(const allowance& lhs, const allowance& rhs);
allowance operator-(const allowance& lhs, const allowance& rhs);
allowance min(const allowance& lhs, const allowance& rhs);

/// Whether every part of `amount` is within `room`.
bool fits(const allowance& amount, const allowance& room);

} // namespace brigade::core
