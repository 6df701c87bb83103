// What an outcome means for money and for another try.

#include "brigade/core/model/outcome.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

using namespace brigade::core;

namespace {

std::vector<outcome_code> all_codes() {
  std::vector<outcome_code> result;
  for (auto i = 0; i <= static_cast<int>(outcome_code::nested_failed); ++i)
    result.push_back(static_cast<outcome_code>(i));
  return result;
}

outcome with(outcome_code code, int status = 0) {
  outcome result;
  result.code = code;
  result.http_status = status;
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(outcomes)

BOOST_AUTO_TEST_CASE(codes_and_rules_survive_their_distinct_text_forms) {
  std::set<std::string_view> names;
  for (auto code : all_codes()) {
    BOOST_TEST((parse_outcome_code(to_string(code)) == code));
    names.insert(to_string(code));
  }
  BOOST_TEST(names.size() == 21U);
  BOOST_TEST(to_string(outcome_code::quota_exhausted) == "quota_exhausted");
  BOOST_TEST(to_string(outcome_code::not_sent) == "not_sent");
  BOOST_TEST(!parse_outcome_code("OK").has_value());
  for (auto rule :
       {money_rule::settle, money_rule::charge_in_full, money_rule::release})
    BOOST_TEST((parse_money_rule(to_string(rule)) == rule));
  BOOST_TEST(to_string(money_rule::charge_in_full) == "charge_in_full");
}

BOOST_AUTO_TEST_CASE(a_reply_settles_by_usage_and_costs_all_without_it) {
  auto result = with(outcome_code::ok, 200);
  BOOST_TEST((money_rule_of(result) == money_rule::charge_in_full));
  result.reply.usage = usage{1, 0, 1};
  BOOST_TEST((money_rule_of(result) == money_rule::settle));
}

BOOST_AUTO_TEST_CASE(what_was_never_sent_is_released) {
  for (auto code : {outcome_code::connect_failed, outcome_code::connect_timeout,
                    outcome_code::tls_failed, outcome_code::not_sent})
    BOOST_TEST((money_rule_of(with(code)) == money_rule::release));
}

BOOST_AUTO_TEST_CASE(a_complete_answer_with_an_unbilled_status_is_released) {
  for (auto status : unbilled_statuses_default)
    BOOST_TEST((money_rule_of(with(outcome_code::bad_request, status))
                == money_rule::release),
               status);
  BOOST_TEST((money_rule_of(with(outcome_code::rate_limited, 429))
              == money_rule::release));
  // The provider's own list replaces the default.
  BOOST_TEST(
      (money_rule_of(with(outcome_code::rate_limited, 429), std::array{503})
       == money_rule::charge_in_full));
  BOOST_TEST(
      (money_rule_of(with(outcome_code::overloaded, 503), std::array{503})
       == money_rule::release));
  BOOST_TEST((money_rule_of(with(outcome_code::server_error, 0), std::array{0})
              == money_rule::charge_in_full));
}

BOOST_AUTO_TEST_CASE(everything_in_doubt_is_charged_in_full) {
  for (auto status : {500, 502, 503, 402, 200, 0})
    BOOST_TEST((money_rule_of(with(outcome_code::server_error, status))
                == money_rule::charge_in_full),
               status);
  BOOST_TEST((money_rule_of(with(outcome_code::reply_malformed, 200))
              == money_rule::charge_in_full));
  // A status that was seen before an answer broke off decides nothing.
  for (auto code : {outcome_code::connection_lost, outcome_code::timed_out,
                    outcome_code::reply_too_large, outcome_code::cancelled})
    BOOST_TEST((money_rule_of(with(code, 429)) == money_rule::charge_in_full));
}

BOOST_AUTO_TEST_CASE(another_try_follows_exactly_what_may_pass) {
  const std::set<outcome_code> may_pass{
      outcome_code::rate_limited,    outcome_code::overloaded,
      outcome_code::server_error,    outcome_code::connect_failed,
      outcome_code::connection_lost, outcome_code::timed_out,
      outcome_code::connect_timeout, outcome_code::first_token_timeout,
      outcome_code::idle_timeout,    outcome_code::reply_malformed};
  for (auto code : all_codes())
    BOOST_TEST(is_retryable(with(code)) == may_pass.contains(code),
               to_string(code));
}

BOOST_AUTO_TEST_CASE(the_providers_word_wins_except_where_it_cannot_be_true) {
  const std::set<outcome_code> final{
      outcome_code::ok,           outcome_code::tls_failed,
      outcome_code::unauthorized, outcome_code::quota_exhausted,
      outcome_code::cancelled,    outcome_code::not_sent,
      outcome_code::nested_failed};
  for (auto code : all_codes()) {
    auto result = with(code);
    result.should_retry = false;
    BOOST_TEST(!is_retryable(result), to_string(code));
    result.should_retry = true;
    BOOST_TEST(is_retryable(result) == !final.contains(code), to_string(code));
  }
}

BOOST_AUTO_TEST_SUITE_END()
