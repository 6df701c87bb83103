/// The form of money and the fields of prices.
///
/// INTERNAL: included by other lists of fields.
#pragma once

#include "brigade/core/json/fields.hpp"
#include "brigade/core/money/pricing.hpp"

namespace brigade::core {

namespace json_fields {

template <>
struct text_form<pico_usd> {
  static std::optional<pico_usd> from(std::string_view text) {
    return parse_usd(text);
  }
  static std::string to(pico_usd x) { return to_decimal(x); }
};

} // namespace json_fields

template <>
struct fields<token_prices> {
  static void visit(auto& v, auto& x) {
    v("input", x.input);
    v("output", x.output);
    v("cached_input", x.cached_input);
  }
};

template <>
struct fields<price_tier> {
  static void visit(auto& v, auto& x) {
    v("above_input_tokens", x.above_input_tokens);
    v("per_token_usd", x.prices);
  }
};

template <>
struct fields<price> {
  static void visit(auto& v, auto& x) {
    v("per_token_usd", x.base);
    v("tiers", x.tiers);
  }
};

} // namespace brigade::core
