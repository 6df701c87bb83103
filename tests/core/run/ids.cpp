// Names of runs and calls.

#include "brigade/core/run/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace brigade::core;

namespace {

std::array<std::uint8_t, 10> filled(std::uint8_t byte) {
  std::array<std::uint8_t, 10> result;
  result.fill(byte);
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(a_run_id_is_a_ulid) {
  BOOST_TEST(make_run_id(0, filled(0)).text == "00000000000000000000000000");
  BOOST_TEST(make_run_id((std::int64_t{1} << 48) - 1, filled(0xFF)).text
             == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  // Source: the example of github.com/ulid/javascript, 1469918176385 ms.
  BOOST_TEST(make_run_id(1'469'918'176'385, filled(0)).text.substr(0, 10)
             == "01ARYZ6S41");
  BOOST_TEST(make_run_id(0, {0, 0, 0, 0, 1, 0x08, 0, 0, 0, 2}).text.substr(10)
             == "0000000110000002");
}

BOOST_AUTO_TEST_CASE(times_out_of_range_are_clamped) {
  BOOST_TEST(make_run_id(-1, filled(0)).text == make_run_id(0, filled(0)).text);
  BOOST_TEST(is_run_id(make_run_id(INT64_MAX, filled(1)).text));
}

BOOST_AUTO_TEST_CASE(run_ids_are_valid_distinct_and_sorted_by_time) {
  const std::uint64_t seed = 99;
  std::mt19937_64 random{seed};
  auto last = make_run_id(0, filled(0xFF));
  for (std::int64_t ms = 1; ms < 1'000'000'000'000'000 / 4; ms *= 3) {
    std::array<std::uint8_t, 10> bytes;
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(random());
    const auto id = make_run_id(ms, bytes);
    BOOST_TEST_REQUIRE(is_run_id(id.text), "seed " << seed << ", ms " << ms);
    BOOST_TEST_REQUIRE((last < id), "seed " << seed << ", ms " << ms);
    last = id;
  }
}

BOOST_AUTO_TEST_CASE(every_random_bit_changes_the_id) {
  const auto none = make_run_id(5, filled(0)).text;
  for (std::size_t bit = 0; bit < 80; ++bit) {
    auto bytes = filled(0);
    bytes[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    BOOST_TEST(make_run_id(5, bytes).text != none, bit);
  }
}

BOOST_AUTO_TEST_CASE(other_forms_are_no_run_ids) {
  BOOST_TEST(is_run_id("01ARYZ6S41TSV4RRFFQ69G5FAV"));
  for (const auto* text :
       {"", "01ARYZ6S41TSV4RRFFQ69G5FA", "01ARYZ6S41TSV4RRFFQ69G5FAVV",
        "81ARYZ6S41TSV4RRFFQ69G5FAV", "01aryz6s41tsv4rrffq69g5fav",
        "01ARYZ6S41TSV4RRFFQ69G5FAI", "01ARYZ6S41TSV4RRFFQ69G5FAU",
        "01ARYZ6S41TSV4RRFFQ69G5F/V", "-1ARYZ6S41TSV4RRFFQ69G5FAV"})
    BOOST_TEST(!is_run_id(text), text);
}

BOOST_AUTO_TEST_CASE(a_call_key_shows_path_generation_and_step) {
  BOOST_TEST(to_string(call_key{"task/t3", 1, 0}) == "task/t3#1.0");
  BOOST_TEST(to_string(call_key{"plan", 0, 2}) == "plan#0.2");
}

BOOST_AUTO_TEST_SUITE_END()
