#include "brigade/net/endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using brigade::net::endpoint;
using brigade::net::parse_endpoint;

namespace {

/// The reason for the refusal of `url`, or `accepted`.
std::string refusal(const std::string& url) {
  auto parsed = parse_endpoint(url);
  return parsed ? "accepted" : parsed.error();
}

bool refuses(const std::string& url, const std::string& why) {
  auto text = refusal(url);
  BOOST_TEST_INFO_SCOPE(url << " -> " << text);
  return text.find(why) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_endpoint)

BOOST_AUTO_TEST_CASE(an_https_url_is_taken_apart) {
  auto parsed = parse_endpoint("https://api.openai.com/v1");
  BOOST_REQUIRE(parsed);
  endpoint expected{true, "api.openai.com", 443, "/v1", false};
  BOOST_TEST((*parsed == expected));
  BOOST_TEST(host_header(*parsed) == "api.openai.com");
  BOOST_TEST(to_string(*parsed) == "api.openai.com:443");
}

BOOST_AUTO_TEST_CASE(slashes_at_the_end_of_the_path_do_not_count) {
  BOOST_TEST(parse_endpoint("https://a.example/v1/")->path_prefix == "/v1");
  BOOST_TEST(parse_endpoint("https://a.example//")->path_prefix == "");
  BOOST_TEST(parse_endpoint("https://a.example")->path_prefix == "");
  BOOST_TEST(parse_endpoint("https://a.example/a/b%20c")->path_prefix
             == "/a/b%20c");
}

BOOST_AUTO_TEST_CASE(host_names_are_written_in_lower_case) {
  BOOST_TEST(parse_endpoint("HTTPS://API.Example.COM")->host
             == "api.example.com");
}

BOOST_AUTO_TEST_CASE(a_port_other_than_the_schemes_stands_in_the_host_header) {
  BOOST_TEST(host_header(*parse_endpoint("https://a.example:8443"))
             == "a.example:8443");
  BOOST_TEST(host_header(*parse_endpoint("http://localhost:80"))
             == "localhost");
  BOOST_TEST(host_header(*parse_endpoint("http://localhost:443"))
             == "localhost:443");
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_loses_its_brackets_and_gets_them_back) {
  auto parsed = parse_endpoint("http://[::1]:8080/v1");
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->host == "::1");
  BOOST_TEST(parsed->host_is_address);
  BOOST_TEST(host_header(*parsed) == "[::1]:8080");
}

BOOST_AUTO_TEST_CASE(plain_http_is_allowed_to_this_machine_only) {
  for (auto url : {"http://127.0.0.1:1", "http://127.255.0.9", "http://[::1]",
                   "http://localhost:11434/v1", "http://LOCALHOST"})
    BOOST_TEST(refusal(url) == "accepted");
  for (auto url :
       {"http://api.openai.com/v1", "http://128.0.0.1", "http://126.0.0.1",
        "http://10.0.0.1", "http://0.0.0.0", "http://[::2]",
        "http://[::ffff:127.0.0.1]", "http://localhost.example", "http://127.1",
        "http://localhost."})
    BOOST_TEST(refuses(url, "plain http"));
  // Some parsers take the first part of it for an address.
  BOOST_TEST(refusal("http://127.0.0.1.example") != "accepted");
}

BOOST_AUTO_TEST_CASE(what_a_base_url_must_not_hold_is_named) {
  BOOST_TEST(refuses("https://me:pw@a.example", "user name or a password"));
  BOOST_TEST(refuses("https://me@a.example", "user name or a password"));
  BOOST_TEST(refuses("https://a.example/v1?x=1", "query"));
  BOOST_TEST(refuses("https://a.example/v1#x", "fragment"));
  BOOST_TEST(refuses("ftp://a.example", "scheme"));
  BOOST_TEST(refuses("file:///etc/passwd", "scheme"));
  BOOST_TEST(refuses("a.example/v1", "not a URL"));
  BOOST_TEST(refuses("", "empty"));
  BOOST_TEST(refuses("https://", "host"));
  BOOST_TEST(refuses("https:/v1", "host"));
  BOOST_TEST(refuses("https://a.example:0", "port"));
  BOOST_TEST(refuses("https://a.example:65536", "port"));
  BOOST_TEST(refuses("https://127.0.0.1.example/v1", "not a URL"));
  BOOST_TEST(refuses("https://1.2.3.4.5", "not a URL"));
  BOOST_TEST(refuses("https://a b.example", "not a URL"));
  BOOST_TEST(refuses("https://a.example/\r\nX: y", "not a URL"));
  BOOST_TEST(refuses("https://%0d%0a.example", "DNS name"));
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_repeat_a_password) {
  auto text = refusal("https://me:hunter2@a.example");
  BOOST_TEST(text.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_highest_port_and_the_longest_url_are_accepted) {
  BOOST_TEST(parse_endpoint("https://a.example:65535")->port == 65535);
  std::string url = "https://a.example/";
  url.resize(brigade::net::base_url_bytes_max, 'x');
  BOOST_TEST(refusal(url) == "accepted");
  url += 'x';
  BOOST_TEST(refuses(url, "longer"));
}

BOOST_AUTO_TEST_SUITE_END()
