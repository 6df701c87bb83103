/// A provider's own price list. Shares no code with Brigade's prices, so that
/// one can be checked against the other.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <vector>

namespace brigade::testkit {

/// What tokens cost once a request has more input tokens than the bound, in
/// pico-dollars a token: a dollar for a million tokens is 1'000'000.
struct tariff_line {
  std::uint64_t above_input_tokens = 0;
  std::int64_t input = 0;
  std::int64_t cached_input = 0;
  std::int64_t output = 0;
};

struct tariff {
  /// By rising bound; the first one's is 0. Empty: everything is free.
  std::vector<tariff_line> lines;
  /// Statuses whose complete answers are not billed.
  std::vector<int> unbilled_statuses{400, 401, 403, 404, 413, 422, 429, 529};
  /// Tokens that the provider may add to the bytes of a request.
  std::uint64_t overhead_tokens = 0;
  /// Tokens of reasoning that it may bill on top of the output limit.
  std::uint64_t reasoning_tokens_max = 0;
};

/// What this usage costs, without rounding; sums above the range of the type
/// are its largest value.
core::pico_usd bill(const tariff& prices, const core::usage& tokens);

/// The most that a try can have used: a token for each byte that was sent, and
/// all of the output limit.
core::usage most_used(const tariff& prices, std::uint64_t body_bytes,
                      std::uint64_t output_tokens_max);

/// Whether a try that ended so is billed at all.
bool is_billed(const tariff& prices, const core::outcome& result);

} // namespace brigade::testkit
