#include "brigade/net/retry_after.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace brigade::net;

namespace {

constexpr std::int64_t now = 784'111'777; // Sun, 06 Nov 1994 08:49:37 GMT

std::int64_t seconds_header(std::string_view text) {
  return parse_retry_after("", text, now).value_or(-1);
}

std::int64_t ms_header(std::string_view text) {
  return parse_retry_after(text, "", now).value_or(-1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_retry_after)

BOOST_AUTO_TEST_CASE(seconds_may_have_decimals_and_are_rounded_up) {
  BOOST_TEST(seconds_header("2") == 2000);
  BOOST_TEST(seconds_header("0") == 0);
  BOOST_TEST(seconds_header("1.5") == 1500);
  BOOST_TEST(seconds_header("0.0001") == 1);
}

BOOST_AUTO_TEST_CASE(milliseconds_win_over_seconds) {
  BOOST_TEST(ms_header("250") == 250);
  BOOST_TEST(ms_header("59.7") == 60);
  BOOST_TEST(parse_retry_after("100", "9", now).value() == 100);
  BOOST_TEST(parse_retry_after("soon", "9", now).value() == 9000);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_not_read) {
  for (auto text : {"", "-1", "+1", "1e3", "nan", "inf", "1,5", "1 ", " 1",
                    "0x10", ".", "1.2.3", "soon"})
    BOOST_TEST(seconds_header(text) == -1);
}

BOOST_AUTO_TEST_CASE(absurd_waits_are_cut_to_a_day) {
  BOOST_TEST(seconds_header("86399") == 86'399'000);
  BOOST_TEST(seconds_header("86400") == retry_after_ms_max);
  BOOST_TEST(seconds_header("86401") == retry_after_ms_max);
  BOOST_TEST(seconds_header(std::string(400, '9')) == retry_after_ms_max);
  BOOST_TEST(seconds_header("Fri, 31 Dec 9999 23:59:59 GMT")
             == retry_after_ms_max);
}

BOOST_AUTO_TEST_CASE(a_date_becomes_a_wait_from_now) {
  BOOST_TEST(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value() == now);
  BOOST_TEST(seconds_header("Sun, 06 Nov 1994 08:50:37 GMT") == 60'000);
  BOOST_TEST(seconds_header("Sun, 06 Nov 1994 08:49:37 GMT") == 0);
  BOOST_TEST(seconds_header("Sun, 06 Nov 1994 08:49:36 GMT") == 0);
  BOOST_TEST(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT").value() == 0);
  BOOST_TEST(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT").value()
             == 1'709'164'800);
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_not_read) {
  for (auto text :
       {"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 30 Feb 1994 08:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC"})
    BOOST_TEST(!parse_http_date(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
