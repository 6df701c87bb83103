// What tokens cost: tiers, cached input and the worst case.

#include "brigade/core/money/pricing.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>

using namespace brigade::core;

namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

/// 2 pico-dollars in, 3 out; from 100 input tokens on 5 in, 7 out.
price tiered() {
  return {{{2}, {3}, std::nullopt}, {{100, {{5}, {7}, std::nullopt}}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(pricing)

BOOST_AUTO_TEST_CASE(a_call_costs_its_input_and_its_output) {
  BOOST_TEST(cost_of(tiered(), {10, 0, 4}).value == 32);
  BOOST_TEST(cost_of(tiered(), {}).value == 0);
}

BOOST_AUTO_TEST_CASE(a_tier_begins_above_its_bound_and_holds_for_all_tokens) {
  BOOST_TEST(cost_of(tiered(), {100, 0, 1}).value == 203);
  BOOST_TEST(cost_of(tiered(), {101, 0, 1}).value == 512);
}

BOOST_AUTO_TEST_CASE(cached_input_costs_its_own_price_or_that_of_input) {
  auto p = tiered();
  BOOST_TEST(cost_of(p, {10, 4, 0}).value == 20);
  p.base.cached_input = pico_usd{1};
  BOOST_TEST(cost_of(p, {10, 4, 0}).value == 16);
  // More cached than there were tokens cannot make the rest negative.
  BOOST_TEST(cost_of(p, {10, 11, 0}).value == 10);
}

BOOST_AUTO_TEST_CASE(the_worst_case_counts_at_the_tier_of_the_upper_bound) {
  BOOST_TEST(worst_case(tiered(), 100, 1).value == 203);
  BOOST_TEST(worst_case(tiered(), 101, 1).value == 512);
}

BOOST_AUTO_TEST_CASE(a_cheaper_tier_does_not_lower_the_worst_case) {
  const price p{{{5}, {7}, std::nullopt}, {{100, {{2}, {3}, std::nullopt}}}};
  BOOST_TEST(worst_case(p, 101, 1).value == 512);
}

BOOST_AUTO_TEST_CASE(cached_input_that_is_dearer_counts_in_the_worst_case) {
  const price p{{{2}, {3}, pico_usd{9}}, {}};
  BOOST_TEST(worst_case(p, 10, 1).value == 93);
}

BOOST_AUTO_TEST_CASE(an_amount_out_of_range_looks_too_large_to_buy) {
  BOOST_TEST((worst_case(tiered(), most, most) == pico_usd::max()));
  BOOST_TEST((cost_of(tiered(), {most, 0, most}) == pico_usd::max()));
}

BOOST_AUTO_TEST_CASE(no_usage_within_the_bounds_costs_more_than_the_worst) {
  const std::uint64_t seed = 7;
  std::mt19937_64 random{seed};
  const auto prices = [&random] {
    token_prices result{{static_cast<std::int64_t>(random() % 9)},
                        {static_cast<std::int64_t>(random() % 9)},
                        std::nullopt};
    if (random() % 2 == 0)
      result.cached_input = pico_usd{static_cast<std::int64_t>(random() % 12)};
    return result;
  };
  for (int i = 0; i < 5000; ++i) {
    price p{prices(), {}};
    std::uint64_t bound = 0;
    for (auto tiers = random() % 4; tiers > 0; --tiers)
      p.tiers.push_back({bound += random() % 50, prices()});
    const auto input = random() % 200;
    const auto output = random() % 50;
    const usage tokens{random() % (input + 1), random() % 250,
                       random() % (output + 1)};
    BOOST_TEST_REQUIRE((cost_of(p, tokens) <= worst_case(p, input, output)),
                       "seed " << seed << ", round " << i);
  }
}

BOOST_AUTO_TEST_SUITE_END()
