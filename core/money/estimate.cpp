#include "brigade/core/money/estimate.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

constexpr std::int64_t whole = 1000;

} // namespace

void typical_estimate::learn(pico_usd worst, pico_usd actual) {
  if (worst.value <= 0)
    return;
  // Divided first where the product could be out of range; rounded up.
  const auto share =
      actual >= worst ? whole
      : worst.value > pico_usd::max().value / whole
          ? actual.value / (worst.value / whole) + 1
          : (actual.value * whole + worst.value - 1) / worst.value;
  permille_.push_back(static_cast<std::uint32_t>(std::min(share, whole)));
  if (permille_.size() > samples_max)
    permille_.pop_front();
}

pico_usd typical_estimate::amount_for(pico_usd worst) const {
  if (!is_known())
    return worst;
  const std::int64_t dearest =
      *std::max_element(permille_.begin(), permille_.end());
  const auto share = std::min(whole, dearest + (dearest + 3) / 4);
  // In two parts, so that it stays exact and in range.
  return {worst.value / whole * share
          + (worst.value % whole * share + whole - 1) / whole};
}

} // namespace brigade::core
