#include "brigade/core/model/outcome.hpp"

#include "brigade/core/model/enum_text.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

constexpr std::array<std::string_view, 21> code_names = {
    "ok",
    "rate_limited",
    "quota_exhausted",
    "overloaded",
    "server_error",
    "unauthorized",
    "not_found",
    "bad_request",
    "request_too_large",
    "connect_failed",
    "connect_timeout",
    "tls_failed",
    "connection_lost",
    "timed_out",
    "first_token_timeout",
    "idle_timeout",
    "reply_too_large",
    "reply_malformed",
    "cancelled",
    "not_sent",
    "nested_failed",
};

static_assert(static_cast<std::size_t>(outcome_code::nested_failed) + 1
              == code_names.size());

constexpr std::array<std::string_view, 3> rule_names = {
    "settle", "charge_in_full", "release"};

} // namespace

std::string_view to_string(outcome_code code) {
  return enum_text(code_names, code);
}

std::optional<outcome_code> parse_outcome_code(std::string_view text) {
  return parse_enum<outcome_code>(code_names, text);
}

std::string_view to_string(money_rule rule) {
  return enum_text(rule_names, rule);
}

std::optional<money_rule> parse_money_rule(std::string_view text) {
  return parse_enum<money_rule>(rule_names, text);
}

money_rule money_rule_of(const outcome& result, std::span<const int> unbilled) {
  // A nested run kept its own books.
  if (result.bill)
    return money_rule::settle;
  switch (result.code) {
  case outcome_code::ok:
    return result.reply.usage ? money_rule::settle : money_rule::charge_in_full;
  case outcome_code::connect_failed:
  case outcome_code::connect_timeout:
  case outcome_code::tls_failed:
  case outcome_code::not_sent:
    return money_rule::release;
  case outcome_code::connection_lost:
  case outcome_code::timed_out:
  case outcome_code::first_token_timeout:
  case outcome_code::idle_timeout:
  case outcome_code::reply_too_large:
  case outcome_code::cancelled:
  case outcome_code::nested_failed:
    // No complete answer: a status that was seen before the end does not
    // say what the provider bills.
    return money_rule::charge_in_full;
  default:
    break;
  }
  // Status 0 says that no complete answer arrived, whatever the list holds.
  const bool is_unbilled =
      result.http_status != 0
      && std::find(unbilled.begin(), unbilled.end(), result.http_status)
             != unbilled.end();
  return is_unbilled ? money_rule::release : money_rule::charge_in_full;
}

bool is_retryable(const outcome& result) {
  switch (result.code) {
  case outcome_code::ok:
  case outcome_code::tls_failed:
  case outcome_code::quota_exhausted:
  case outcome_code::unauthorized:
  case outcome_code::cancelled:
  case outcome_code::not_sent:
  case outcome_code::nested_failed:
    // Nothing that the provider says makes these worth another try.
    return false;
  case outcome_code::rate_limited:
  case outcome_code::overloaded:
  case outcome_code::server_error:
  case outcome_code::connect_failed:
  case outcome_code::connect_timeout:
  case outcome_code::connection_lost:
  case outcome_code::timed_out:
  case outcome_code::first_token_timeout:
  case outcome_code::idle_timeout:
  case outcome_code::reply_malformed:
    return result.should_retry.value_or(true);
  default:
    return result.should_retry.value_or(false);
  }
}

} // namespace brigade::core
