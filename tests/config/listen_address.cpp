// Where a daemon may listen.
#include "brigade/config/serve_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;

namespace {

std::string round_trip(std::string_view text) {
  const auto parsed = parse_listen(text);
  return parsed ? to_string(*parsed) : "none";
}

bool local(std::string_view text) {
  const auto parsed = parse_listen(text);
  BOOST_TEST_REQUIRE(parsed.has_value(), text);
  return is_loopback(*parsed);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_address_and_a_port_are_taken) {
  for (const auto* text : {"127.0.0.1:8787", "[::1]:0", "0.0.0.0:65535",
                           "[fe80::1]:1", "[::ffff:127.0.0.1]:80"})
    BOOST_TEST(round_trip(text) == text);
  BOOST_TEST(round_trip("localhost:80") == "127.0.0.1:80");
}

BOOST_AUTO_TEST_CASE(anything_else_is_not_an_address) {
  using namespace std::string_view_literals;
  for (auto text : {""sv,
                    ":"sv,
                    ":80"sv,
                    "8787"sv,
                    "127.0.0.1"sv,
                    "127.0.0.1:"sv,
                    "127.0.0.1:65536"sv,
                    "127.0.0.1:-1"sv,
                    "127.0.0.1:+1"sv,
                    "127.0.0.1:1 "sv,
                    "127.0.0.1:0x1"sv,
                    "127.1:80"sv,
                    "::1:80"sv,
                    "[::1]"sv,
                    "[::1:80"sv,
                    "[127.0.0.1]:80"sv,
                    "[fe80::1%lo]:80"sv,
                    "example.com:80"sv,
                    "LOCALHOST:80"sv,
                    "*:80"sv,
                    "0127.0.0.1:80"sv,
                    "127.0.0.1\0:80"sv,
                    "http://127.0.0.1:80"sv})
    BOOST_TEST(round_trip(text) == "none", text);
}

BOOST_AUTO_TEST_CASE(only_loopback_is_out_of_reach_of_others) {
  for (const auto* text : {"127.0.0.1:1", "127.255.255.254:1", "[::1]:1",
                           "[::ffff:127.0.0.1]:1", "localhost:1"})
    BOOST_TEST(local(text), text);
  for (const auto* text :
       {"0.0.0.0:1", "[::]:1", "126.255.255.255:1", "128.0.0.1:1", "10.0.0.1:1",
        "[::2]:1", "[::ffff:10.0.0.1]:1", "[fe80::1]:1"})
    BOOST_TEST(!local(text), text);
}
