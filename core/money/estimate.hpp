/// How much to reserve for a call when a run estimates instead of taking the
/// worst case (`estimate = "typical"`).
#pragma once

#include "brigade/core/money/money.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace brigade::core {

/// What calls of one model have cost, as a share of their worst case.
class typical_estimate {
public:
  /// Until so many calls are known, the worst case is taken.
  static constexpr std::size_t samples_min = 3;

  /// Only so many of the latest calls count.
  static constexpr std::size_t samples_max = 32;

  /// Whether enough calls are known.
  bool is_known() const { return permille_.size() >= samples_min; }

  /// A call that could have cost `worst` cost `actual`.
  void learn(pico_usd worst, pico_usd actual);

  /// The dearest share seen and a quarter more, of `worst`; never above it.
  pico_usd amount_for(pico_usd worst) const;

private:
  /// In thousandths of the worst case, rounded up.
  std::deque<std::uint32_t> permille_;
};

} // namespace brigade::core
