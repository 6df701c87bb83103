/// How one try of a call ended, and what that means for money and retries.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/money/allowance.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace brigade::core {

/// The classes of outcome. Their text forms are stable: they stand in events,
/// reports and exit codes.
enum class outcome_code : std::uint8_t {
  /// A complete reply, to be settled by its usage.
  ok,
  /// 429 without a sign of an exhausted account.
  rate_limited,
  /// 429 or 402 that says that the account has no credit; never retried.
  quota_exhausted,
  /// 503 or 529: the provider sheds load.
  overloaded,
  /// Any other 5xx.
  server_error,
  /// 401 or 403: the key is missing, wrong or not allowed.
  unauthorized,
  /// 404: no such model or path.
  not_found,
  /// 400, 422 and other 4xx of our own making.
  bad_request,
  /// 413: the request is too large for the provider.
  request_too_large,
  /// Name resolution or connect failed: nothing was sent.
  connect_failed,
  /// Name resolution, connect and handshake took longer than they may: nothing
  /// was sent.
  connect_timeout,
  /// The TLS handshake or the verification failed: nothing was sent; never
  /// retried, never downgraded.
  tls_failed,
  /// The connection broke after the request began to leave.
  connection_lost,
  /// No complete answer within the time limit of the try.
  timed_out,
  /// The first byte of the answer took longer than it may.
  first_token_timeout,
  /// The answer began and then stood still for longer than it may.
  idle_timeout,
  /// The reply is larger than its limit.
  reply_too_large,
  /// Not HTTP, not JSON, cut off, or JSON of another shape.
  reply_malformed,
  /// Cancelled after it was handed to the provider.
  cancelled,
  /// Never handed to the provider: cancelled, past its deadline or refused by
  /// our own queue limit.
  not_sent,
  /// A nested run ended without an answer; what it spent is known.
  nested_failed,
};

std::string_view to_string(outcome_code code);
std::optional<outcome_code> parse_outcome_code(std::string_view text);

/// What a try costs.
enum class money_rule : std::uint8_t {
  /// Charge what the reported usage costs.
  settle,
  /// Usage unknown or in doubt: charge the whole reservation.
  charge_in_full,
  /// Never sent, or answered with a status that the provider does not bill.
  release,
};

/// `settle`, `charge_in_full` or `release`.
std::string_view to_string(money_rule rule);
std::optional<money_rule> parse_money_rule(std::string_view text);

struct outcome {
  outcome_code code = outcome_code::not_sent;
  /// 0 when no complete HTTP answer arrived.
  int http_status = 0;
  /// For people and events: what failed and what to do. Never holds a secret
  /// or more than 500 bytes of an upstream body.
  std::string message;
  /// The wait the provider asked for.
  std::optional<std::int64_t> retry_after_ms;
  /// `x-should-retry`: the provider's own word wins over ours.
  std::optional<bool> should_retry;
  /// The provider's id of the request, for its support.
  std::string request_id;
  /// Set when `code` is `ok`.
  model_reply reply;
  /// Set by a nested run, whatever its end: what it spent, exactly.
  std::optional<allowance> bill;
};

/// Statuses whose complete answers a provider does not bill, by default.
/// See `model_spec::unbilled_statuses`.
inline constexpr std::array unbilled_statuses_default{400, 401, 403, 404,
                                                      413, 422, 429, 529};

/// The money rule of an outcome. `unbilled` are the provider's statuses whose
/// complete answers cost nothing.
money_rule
money_rule_of(const outcome& result,
              std::span<const int> unbilled = unbilled_statuses_default);

/// Whether another try of the same call can succeed.
bool is_retryable(const outcome& result);

} // namespace brigade::core
