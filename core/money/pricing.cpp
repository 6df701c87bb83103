#include "brigade/core/money/pricing.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

pico_usd cached_price(const token_prices& prices) {
  return prices.cached_input.value_or(prices.input);
}

} // namespace

pico_usd worst_case(const price& p, std::uint64_t input_tokens_max,
                    std::uint64_t output_tokens_max) {
  const auto cost_at = [=](const token_prices& prices) {
    // Cached input may be dearer than fresh input at some provider.
    return times(std::max(prices.input, cached_price(prices)), input_tokens_max)
           + times(prices.output, output_tokens_max);
  };
  auto result = cost_at(p.base);
  for (const auto& tier : p.tiers)
    if (tier.above_input_tokens < input_tokens_max)
      result = std::max(result, cost_at(tier.prices));
  return result;
}

pico_usd cost_of(const price& p, const usage& tokens) {
  const auto* prices = &p.base;
  for (const auto& tier : p.tiers)
    if (tier.above_input_tokens < tokens.input_tokens)
      prices = &tier.prices;
  const auto cached = std::min(tokens.cached_input_tokens, tokens.input_tokens);
  return times(prices->input, tokens.input_tokens - cached)
         + times(cached_price(*prices), cached)
         + times(prices->output, tokens.output_tokens);
}

} // namespace brigade::core
