#include "brigade/testkit/tariff.hpp"

#include <algorithm>
#include <limits>

namespace brigade::testkit {

namespace {

__extension__ using wide = __int128;

} // namespace

core::pico_usd bill(const tariff& prices, const core::usage& tokens) {
  const tariff_line* line = nullptr;
  for (const auto& candidate : prices.lines)
    if (line == nullptr || tokens.input_tokens > candidate.above_input_tokens)
      line = &candidate;
  if (line == nullptr)
    return {};
  const auto cached = std::min(tokens.cached_input_tokens, tokens.input_tokens);
  const wide sum = static_cast<wide>(tokens.input_tokens - cached) * line->input
                   + static_cast<wide>(cached) * line->cached_input
                   + static_cast<wide>(tokens.output_tokens) * line->output;
  constexpr wide largest = std::numeric_limits<std::int64_t>::max();
  return {static_cast<std::int64_t>(std::min(sum, largest))};
}

core::usage most_used(const tariff& prices, std::uint64_t body_bytes,
                      std::uint64_t output_tokens_max) {
  return {body_bytes + prices.overhead_tokens, 0,
          output_tokens_max + prices.reasoning_tokens_max};
}

bool is_billed(const tariff& prices, const core::outcome& result) {
  switch (result.code) {
  case core::outcome_code::connect_failed:
  case core::outcome_code::connect_timeout:
  case core::outcome_code::tls_failed:
  case core::outcome_code::not_sent:
    return false; // It never heard of it.
  case core::outcome_code::ok:
  case core::outcome_code::connection_lost:
  case core::outcome_code::timed_out:
  case core::outcome_code::first_token_timeout:
  case core::outcome_code::idle_timeout:
  case core::outcome_code::reply_too_large:
  case core::outcome_code::cancelled:
    return true; // It worked on it, whatever became of the answer.
  default:
    break;
  }
  const auto& list = prices.unbilled_statuses;
  return std::find(list.begin(), list.end(), result.http_status) == list.end();
}

} // namespace brigade::testkit
