// Money and other decimals are read exactly or not at all.
#include "brigade/config/detail/decimal.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>

using namespace brigade::config::detail;

namespace {

/// Reads `text` as a TOML value; the number, or the fault.
std::string read(const std::string& text, int digits = 6) {
  const auto doc = read_toml("v = " + text, 0);
  BOOST_TEST_REQUIRE(doc.root.has_value());
  const auto& from = doc.root->members.at(0).value;
  const auto result = read_scaled(from, from.text, digits);
  return result.fault.empty() ? std::to_string(result.value) : result.fault;
}

} // namespace

BOOST_AUTO_TEST_CASE(numbers_integers_and_strings_give_the_same_value) {
  for (const auto* half : {"0.5", "0.50", "\"0.5\"", "\"0.50\"", "5e-1"})
    BOOST_TEST(read(half) == "500000", half);
  for (const auto* three : {"3", "3.0", "\"3\"", "3e0", "0x3"})
    BOOST_TEST(read(three) == "3000000", three);
  BOOST_TEST(read("0") == "0");
  BOOST_TEST(read("0.0") == "0");
}

BOOST_AUTO_TEST_CASE(the_last_decimal_counts_and_one_more_is_refused) {
  BOOST_TEST(read("0.000001") == "1");
  BOOST_TEST(read("1e-6") == "1");
  const std::string six = "must not have more than 6 decimals";
  BOOST_TEST(read("0.0000001") == six);
  BOOST_TEST(read("\"0.0000001\"") == six);
  BOOST_TEST(read("0.123456789012", 12) == "123456789012");
  BOOST_TEST(read("\"0.1234567890123\"", 12)
             == "must not have more than 12 decimals");
  BOOST_TEST(read("0.001", 3) == "1");
}

BOOST_AUTO_TEST_CASE(numbers_that_binary_cannot_hold_are_refused) {
  BOOST_TEST(read("123456.123456789", 12) == "123456123456789000");
  BOOST_TEST(read("123456.1234567891", 12).starts_with("has too many digits"));
  BOOST_TEST(read("\"123456.123456789123\"", 12) == "123456123456789123");
}

BOOST_AUTO_TEST_CASE(what_is_no_amount_is_refused) {
  for (const auto* negative : {"-1", "-0.5", "\"-1\"", "-1e9"})
    BOOST_TEST(read(negative) == "must not be negative", negative);
  for (const auto* odd : {"nan", "inf", "-inf"})
    BOOST_TEST(read(odd) == "must be a finite number", odd);
  for (const auto* text : {"\"\"", "\"x\"", "\"1,5\"", "\"1e3\"", "\"+1\"",
                           "\" 1\"", "\"0x1\"", "\"$1\""})
    BOOST_TEST(read(text) == "must be a plain decimal number such as 0.50",
               text);
  for (const auto* large :
       {"9223373", "\"99999999999999999999\"", "9223372036854775807"})
    BOOST_TEST(read(large) == "is too large", large);
  BOOST_TEST(read("9223372") == "9223372000000");
}

BOOST_AUTO_TEST_CASE(every_price_with_six_decimals_survives) {
  const unsigned seed = std::random_device{}();
  BOOST_TEST_CONTEXT("seed " << seed) {
    std::mt19937_64 random{seed};
    std::uniform_int_distribution<std::int64_t> any{0, 999'999'999'999};
    for (int i = 0; i < 2000; ++i) {
      const auto millionths = any(random);
      const auto text = scaled_text(millionths, 6);
      BOOST_TEST(read(text) == std::to_string(millionths));
      BOOST_TEST(read('"' + text + '"') == std::to_string(millionths));
    }
  }
}
