#include "brigade/app/cli_values.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::app;

BOOST_AUTO_TEST_SUITE(cli_values)

BOOST_AUTO_TEST_CASE(a_duration_is_a_number_and_a_unit) {
  BOOST_TEST(parse_duration_ms("90s").value() == 90'000);
  BOOST_TEST(parse_duration_ms("15m").value() == 900'000);
  BOOST_TEST(parse_duration_ms("24h").value() == 86'400'000);
  BOOST_TEST(parse_duration_ms("7d").value() == 604'800'000);
  BOOST_TEST(parse_duration_ms("2w").value() == 1'209'600'000);
  BOOST_TEST(parse_duration_ms("0d").value() == 0);
  for (const auto* bad : {"", "d", "7", "-7d", "7 d", "7days", "1.5h", "7D"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(!parse_duration_ms(bad).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_duration_has_a_limit) {
  BOOST_TEST(parse_duration_ms("36500d").has_value());
  BOOST_TEST(!parse_duration_ms("36501d").has_value());
  BOOST_TEST(!parse_duration_ms("9223372036854775807s").has_value());
}

BOOST_AUTO_TEST_CASE(a_moment_is_an_age_a_day_or_a_time) {
  auto age = parse_moment("24h").value();
  BOOST_TEST(age.wall_ms(100'000'000) == 13'600'000);
  auto day = parse_moment("2026-11-01").value();
  BOOST_TEST(!day.ago);
  BOOST_TEST(day.wall_ms(5) == 1'793'491'200'000);
  BOOST_TEST(parse_moment("2026-11-01T01:02:03Z").value().ms
             == 1'793'491'200'000 + 3'723'000);
  for (const auto* bad :
       {"", "2026-13-01", "2026-02-30", "2026-1-1", "2026-11-01T25:00:00Z",
        "2026-11-01T01:02:03", "2026-11-01 01:02:03", "2026-11-0x"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(!parse_moment(bad).has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
