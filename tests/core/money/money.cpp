// Exact money: text forms, saturation and rounding.

#include "brigade/core/money/money.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>
#include <string>

using namespace brigade::core;

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

std::int64_t parsed(std::string_view text) {
  const auto amount = parse_usd(text);
  BOOST_REQUIRE_MESSAGE(amount, "cannot read " << text);
  return amount->value;
}

} // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(plain_decimals_are_read_exactly) {
  BOOST_TEST(parsed("0") == 0);
  BOOST_TEST(parsed("12") == 12 * pico_per_usd);
  BOOST_TEST(parsed("0.50") == pico_per_usd / 2);
  BOOST_TEST(parsed("00.5") == pico_per_usd / 2);
  BOOST_TEST(parsed("0.000000000001") == 1);
  BOOST_TEST(parsed("9223372.036854775807") == largest);
}

BOOST_AUTO_TEST_CASE(anything_but_a_plain_decimal_is_refused) {
  for (const auto* text :
       {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "1.2.3",
        "0x1", "nan", "0.0000000000001", "9223372.036854775808", "9223373",
        "99999999999999999999999999"})
    BOOST_TEST(!parse_usd(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(the_decimal_text_has_no_trailing_zeros) {
  BOOST_TEST(to_decimal({0}) == "0");
  BOOST_TEST(to_decimal({1}) == "0.000000000001");
  BOOST_TEST(to_decimal({pico_per_usd}) == "1");
  BOOST_TEST(to_decimal({43'200'000'000}) == "0.0432");
  BOOST_TEST(to_decimal({-43'200'000'000}) == "-0.0432");
  BOOST_TEST(to_decimal({largest}) == "9223372.036854775807");
  BOOST_TEST(to_decimal({smallest}) == "-9223372.036854775808");
}

BOOST_AUTO_TEST_CASE(random_amounts_survive_their_decimal_text) {
  const std::uint64_t seed = 20'261'120;
  std::mt19937_64 random{seed};
  for (int i = 0; i < 2000; ++i) {
    const auto shift = random() % 63;
    const pico_usd amount{static_cast<std::int64_t>((random() >> 1) >> shift)};
    const auto again = parse_usd(to_decimal(amount));
    BOOST_TEST_REQUIRE(again.has_value(), "seed " << seed << ", round " << i);
    BOOST_TEST_REQUIRE(again->value == amount.value,
                       "seed " << seed << ", round " << i);
  }
}

BOOST_AUTO_TEST_CASE(display_rounds_up_and_never_down) {
  BOOST_TEST(to_display({0}) == "0.0000");
  BOOST_TEST(to_display({1}) == "0.0001");
  BOOST_TEST(to_display({43'200'000'000}) == "0.0432");
  BOOST_TEST(to_display({43'200'000'001}) == "0.0433");
  BOOST_TEST(to_display({pico_per_usd}, 2) == "1.00");
  BOOST_TEST(to_display({999'900'000'000}, 2) == "1.00");
  BOOST_TEST(to_display({1}, 12) == "0.000000000001");
}

BOOST_AUTO_TEST_CASE(sums_saturate_at_both_ends) {
  BOOST_TEST((pico_usd{largest} + pico_usd{1}).value == largest);
  BOOST_TEST((pico_usd{largest - 1} + pico_usd{1}).value == largest);
  BOOST_TEST((pico_usd{smallest} + pico_usd{-1}).value == smallest);
  BOOST_TEST((pico_usd{smallest} - pico_usd{1}).value == smallest);
  BOOST_TEST((pico_usd{largest} - pico_usd{-1}).value == largest);
  BOOST_TEST((pico_usd{3} - pico_usd{5}).value == -2);
  auto sum = pico_usd{largest};
  BOOST_TEST((sum += pico_usd{largest}).value == largest);
  BOOST_TEST((sum -= pico_usd{largest}).value == 0);
}

BOOST_AUTO_TEST_CASE(products_saturate_even_for_counts_above_63_bits) {
  BOOST_TEST(times({3}, 4).value == 12);
  BOOST_TEST(times({0}, std::numeric_limits<std::uint64_t>::max()).value == 0);
  BOOST_TEST(times({1}, std::numeric_limits<std::uint64_t>::max()).value
             == largest);
  BOOST_TEST(times({1}, static_cast<std::uint64_t>(largest)).value == largest);
  BOOST_TEST(times({2}, static_cast<std::uint64_t>(largest / 2)).value
             == largest - 1);
  BOOST_TEST(times({2}, static_cast<std::uint64_t>(largest / 2) + 1).value
             == largest);
}

BOOST_AUTO_TEST_SUITE_END()
