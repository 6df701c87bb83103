/// What tokens cost.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace brigade::core {

/// Prices of one token. A price of N dollars per million tokens is N million
/// pico-dollars per token.
struct token_prices {
  pico_usd input;
  pico_usd output;
  /// Cached input; nothing: as `input`.
  std::optional<pico_usd> cached_input;

  friend bool operator==(const token_prices&, const token_prices&) = default;
};

/// Prices that hold for a whole request once its input exceeds a bound.
struct price_tier {
  std::uint64_t above_input_tokens = 0;
  token_prices prices;

  friend bool operator==(const price_tier&, const price_tier&) = default;
};

struct price {
  token_prices base;
  /// By rising `above_input_tokens`.
  std::vector<price_tier> tiers;

  friend bool operator==(const price&, const price&) = default;
};

/// The most that a call can cost when the input has at most
/// `input_tokens_max` tokens and the output at most `output_tokens_max`: the
/// dearest tier that such an input can reach counts (rule M3).
pico_usd worst_case(const price& p, std::uint64_t input_tokens_max,
                    std::uint64_t output_tokens_max);

/// What a call with this usage cost.
pico_usd cost_of(const price& p, const usage& tokens);

} // namespace brigade::core
