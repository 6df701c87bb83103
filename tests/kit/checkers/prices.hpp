/// The checkers' own prices.
///
/// INTERNAL: included by the sources of the checkers only.
#pragma once

#include "books.hpp"

#include "brigade/core/crew/crew.hpp"

#include <algorithm>

namespace brigade::testkit::detail {

/// What tokens cost at one tier.
inline wide cost_at(const core::token_prices& p, std::uint64_t fresh,
                    std::uint64_t cached, std::uint64_t output) {
  const auto cached_price =
      p.cached_input ? p.cached_input->value : p.input.value;
  return wide{p.input.value} * wide{fresh} + wide{cached_price} * wide{cached}
         + wide{p.output.value} * wide{output};
}

/// The most that a try can cost: each tier that its input may reach, all of the
/// input cached or none.
inline wide dearest(const core::model_spec& model, std::uint64_t input,
                    std::uint64_t output) {
  if (!model.price)
    return 0;
  const auto both = [=](const core::token_prices& p) {
    return std::max(cost_at(p, input, 0, output), cost_at(p, 0, input, output));
  };
  auto most = both(model.price->base);
  for (const auto& tier : model.price->tiers)
    if (tier.above_input_tokens < input)
      most = std::max(most, both(tier.prices));
  return most;
}

/// What this usage costs: the highest bound below the input counts.
inline wide price_of(const core::model_spec& model, const core::usage& u) {
  if (!model.price)
    return 0;
  const auto* at = &model.price->base;
  std::uint64_t bound = 0;
  bool found = false;
  for (const auto& tier : model.price->tiers)
    if (tier.above_input_tokens < u.input_tokens
        && (!found || tier.above_input_tokens >= bound)) {
      at = &tier.prices;
      bound = tier.above_input_tokens;
      found = true;
    }
  const auto cached = std::min(u.cached_input_tokens, u.input_tokens);
  return cost_at(*at, u.input_tokens - cached, cached, u.output_tokens);
}

/// Amounts saturate at the range of their type.
inline std::int64_t in_range(wide amount) {
  constexpr wide most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(amount, most));
}

} // namespace brigade::testkit::detail
