#include "brigade/core/policy/retry.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

/// The largest part of a wait that jitter takes away. Source: openai-python,
/// openai-node and anthropic-python, `1 - 0.25 * random()`.
constexpr double jitter_share = 0.25;

bool may_retry(const outcome& result) {
  switch (result.code) {
  case outcome_code::ok:
  case outcome_code::quota_exhausted:
  case outcome_code::tls_failed:
  case outcome_code::cancelled:
    return false;
  default:
    return result.should_retry.value_or(is_retryable(result));
  }
}

} // namespace

retry_policy retry_policy_of(const limits& bounds) {
  return {bounds.tries_max, bounds.backoff_base_ms, bounds.backoff_max_ms};
}

std::int64_t backoff_ms(const retry_policy& policy, std::uint32_t tries_done,
                        double jitter01) {
  const auto cap = std::max<std::int64_t>(policy.backoff_max_ms, 0);
  auto delay =
      std::clamp<std::int64_t>(policy.backoff_base_ms, std::int64_t{0}, cap);
  // At most 63 doublings: a positive delay has reached any cap by then.
  for (std::uint32_t n = 1; n < tries_done && delay > 0 && delay < cap; ++n)
    delay = delay > cap / 2 ? cap : delay * 2;
  // Not `clamp`: a NaN must become zero as well.
  const double jitter = jitter01 > 0 ? std::min(jitter01, 1.0) : 0.0;
  return delay
         - static_cast<std::int64_t>(static_cast<double>(delay) * jitter_share
                                     * jitter);
}

std::optional<std::int64_t>
next_delay_ms(const retry_policy& policy, std::uint32_t tries_done,
              const outcome& result, double jitter01, std::int64_t ms_left) {
  if (tries_done >= policy.tries_max || !may_retry(result))
    return std::nullopt;
  auto delay = backoff_ms(policy, std::max(tries_done, 1u), jitter01);
  if (result.retry_after_ms) {
    if (*result.retry_after_ms > retry_after_max_ms)
      return std::nullopt;
    if (*result.retry_after_ms > 0)
      delay = *result.retry_after_ms;
  }
  if (delay >= ms_left)
    return std::nullopt;
  return delay;
}

} // namespace brigade::core
