#include "brigade/core/model/call_machine.hpp"

#include "brigade/core/policy/retry.hpp"

#include <utility>

namespace brigade::core {

call_step call_machine::on_outcome(const outcome& result, std::int64_t now_ms,
                                   double jitter) {
  ++tries_;
  if (result.code == outcome_code::ok)
    return call_succeeded{result.reply};
  if (is_retryable(result)) {
    if (auto delay = next_delay_ms(retry_policy_of(bounds_), tries_, result,
                                   jitter, deadline_ms_ - now_ms))
      return wait_then_ask{*delay};
  }
  auto message = result.message;
  if (tries_ > 1)
    message += " (after " + std::to_string(tries_) + " tries)";
  return call_failed{std::string{to_string(result.code)}, std::move(message)};
}

call_step call_machine::on_refused(std::string code, std::string message) {
  return call_failed{std::move(code), std::move(message)};
}

} // namespace brigade::core
