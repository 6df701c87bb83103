/// How long to wait before another try of the same call, if at all.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/core/policy/limits.hpp"

#include <cstdint>
#include <optional>

namespace brigade::core {

/// The longest wait asked for by a provider that is honoured, in ms; whoever
/// asks for more is not tried again. Source: openai-python, `_base_client.py`.
inline constexpr std::int64_t retry_after_max_ms = 120'000;

struct retry_policy {
  /// Tries of one call, the first one included.
  std::uint32_t tries_max = 3;
  /// The wait after the first try; doubles with each further one.
  std::int64_t backoff_base_ms = 500;
  std::int64_t backoff_max_ms = 8'000;

  friend bool operator==(const retry_policy&, const retry_policy&) = default;
};

/// The part of a run's limits that concerns retries.
retry_policy retry_policy_of(const limits& bounds);

/// `base * 2^(tries_done - 1)`, capped, less up to a quarter of it: the
/// jitter of the official SDKs. `jitter01` is a random number from 0 to 1
/// (anything else is clamped); `tries_done` is at least 1.
std::int64_t backoff_ms(const retry_policy& policy, std::uint32_t tries_done,
                        double jitter01);

/// The wait in ms before the next try, or nothing when there is none.
///
/// `tries_done` counts the tries made so far, the failed one included.
/// `ms_left` is the time until the call's deadline: a try that could only
/// start at the deadline or later is refused. A wait asked for by the provider
/// is taken as it is. `should_retry` wins over the class of the outcome, but
/// never revives a call without credit, trust or buyer.
std::optional<std::int64_t>
next_delay_ms(const retry_policy& policy, std::uint32_t tries_done,
              const outcome& result, double jitter01, std::int64_t ms_left);

} // namespace brigade::core
