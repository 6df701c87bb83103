#include "brigade/core/policy/retry.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <optional>

namespace core = brigade::core;
using core::outcome_code;
using delay = std::optional<std::int64_t>;

namespace {

constexpr core::retry_policy policy{3, 500, 8'000};
constexpr std::int64_t hour_ms = 3'600'000;

core::outcome failed(outcome_code code) {
  core::outcome result;
  result.code = code;
  return result;
}

delay next(const core::outcome& result, std::uint32_t tries_done = 1,
           double jitter = 0, std::int64_t ms_left = hour_ms) {
  return core::next_delay_ms(policy, tries_done, result, jitter, ms_left);
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(the_backoff_doubles_up_to_its_cap) {
  const core::retry_policy p{100, 500, 8'000};
  const std::int64_t wanted[]{500, 1'000, 2'000, 4'000, 8'000, 8'000};
  for (std::uint32_t n = 0; n < 6; ++n)
    BOOST_TEST(core::backoff_ms(p, n + 1, 0) == wanted[n]);
  BOOST_TEST(core::backoff_ms(p, 4'000'000'000u, 0) == 8'000);
  BOOST_TEST(core::backoff_ms({3, 3, 8}, 3, 0) == 8);
  const auto max = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(core::backoff_ms({3, max / 2 + 1, max}, 9, 0) == max);
}

BOOST_AUTO_TEST_CASE(a_base_above_the_cap_is_capped) {
  BOOST_TEST(core::backoff_ms({3, 9'000, 8'000}, 1, 0) == 8'000);
  BOOST_TEST(core::backoff_ms({3, 0, 8'000}, 9, 0) == 0);
  BOOST_TEST(core::backoff_ms({3, -5, -8}, 9, 0) == 0);
}

BOOST_AUTO_TEST_CASE(jitter_takes_at_most_a_quarter_away) {
  BOOST_TEST(core::backoff_ms(policy, 2, 0) == 1'000);
  BOOST_TEST(core::backoff_ms(policy, 2, 0.5) == 875);
  BOOST_TEST(core::backoff_ms(policy, 2, 1) == 750);
  BOOST_TEST(core::backoff_ms(policy, 2, 7) == 750);
  BOOST_TEST(core::backoff_ms(policy, 2, -7) == 1'000);
  BOOST_TEST(
      core::backoff_ms(policy, 2, std::numeric_limits<double>::quiet_NaN())
      == 1'000);
}

BOOST_AUTO_TEST_CASE(tries_max_is_the_last_try) {
  BOOST_TEST((next(failed(outcome_code::server_error), 2) == delay{1'000}));
  BOOST_TEST((next(failed(outcome_code::server_error), 3) == delay{}));
  BOOST_TEST((next(failed(outcome_code::server_error), 4) == delay{}));
}

BOOST_AUTO_TEST_CASE(only_what_may_pass_is_tried_again) {
  for (auto code : {outcome_code::rate_limited, outcome_code::overloaded,
                    outcome_code::server_error, outcome_code::connect_failed})
    BOOST_TEST(next(failed(code)).has_value(), core::to_string(code));
  for (auto code : {outcome_code::ok, outcome_code::quota_exhausted,
                    outcome_code::unauthorized, outcome_code::not_found,
                    outcome_code::bad_request, outcome_code::request_too_large,
                    outcome_code::tls_failed, outcome_code::cancelled})
    BOOST_TEST(!next(failed(code)).has_value(), core::to_string(code));
}

BOOST_AUTO_TEST_CASE(the_providers_word_wins_over_the_class) {
  auto result = failed(outcome_code::server_error);
  result.should_retry = false;
  BOOST_TEST((next(result) == delay{}));
  result = failed(outcome_code::bad_request);
  result.should_retry = true;
  BOOST_TEST((next(result) == delay{500}));
}

BOOST_AUTO_TEST_CASE(but_not_over_credit_trust_and_buyer) {
  for (auto code : {outcome_code::ok, outcome_code::quota_exhausted,
                    outcome_code::tls_failed, outcome_code::cancelled}) {
    auto result = failed(code);
    result.should_retry = true;
    BOOST_TEST((next(result) == delay{}), core::to_string(code));
  }
}

BOOST_AUTO_TEST_CASE(a_wait_asked_for_is_taken_as_it_is) {
  auto result = failed(outcome_code::rate_limited);
  result.retry_after_ms = 20;
  BOOST_TEST((next(result, 1, 1) == delay{20}));
  result.retry_after_ms = 120'000;
  BOOST_TEST((next(result, 1, 1) == delay{120'000}));
}

BOOST_AUTO_TEST_CASE(an_absurd_wait_is_no_wait_at_all) {
  auto result = failed(outcome_code::rate_limited);
  result.retry_after_ms = 120'001;
  BOOST_TEST((next(result) == delay{}));
  for (std::int64_t none : {0, -1}) {
    result.retry_after_ms = none;
    BOOST_TEST((next(result) == delay{500}));
  }
}

BOOST_AUTO_TEST_CASE(a_try_that_could_not_start_in_time_is_refused) {
  auto result = failed(outcome_code::rate_limited);
  BOOST_TEST((next(result, 1, 0, 501) == delay{500}));
  BOOST_TEST((next(result, 1, 0, 500) == delay{}));
  BOOST_TEST((next(result, 1, 0, 0) == delay{}));
  BOOST_TEST((next(result, 1, 0, -1) == delay{}));
  result.retry_after_ms = 2'000;
  BOOST_TEST((next(result, 1, 0, 2'001) == delay{2'000}));
  BOOST_TEST((next(result, 1, 0, 2'000) == delay{}));
}

BOOST_AUTO_TEST_CASE(the_policy_comes_from_the_runs_limits) {
  core::limits bounds;
  bounds.tries_max = 7;
  bounds.backoff_base_ms = 8;
  bounds.backoff_max_ms = 9;
  BOOST_TEST((core::retry_policy_of(bounds) == core::retry_policy{7, 8, 9}));
}

BOOST_AUTO_TEST_SUITE_END()
