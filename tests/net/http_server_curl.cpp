// The server as a client sees it that others wrote.
#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <string>

using namespace brigade::net;
using namespace brigade::net::test;

namespace {

/// What a command prints.
std::string output_of(const std::string& command) {
  auto* pipe = ::popen(command.c_str(), "r");
  BOOST_TEST_REQUIRE(pipe);
  std::string text;
  std::array<char, 4096> buffer;
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), n);
  ::pclose(pipe);
  return text;
}

boost::test_tools::assertion_result has_curl(boost::unit_test::test_unit_id) {
  return !output_of("command -v curl").empty();
}

struct fixture : server_fixture {
  std::string curl(const std::string& arguments) {
    return output_of("curl -sS -q --noproxy '*' -m 20 " + arguments
                     + " http://127.0.0.1:" + std::to_string(server->port())
                     + "/x");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_curl, fixture,
                         *boost::unit_test::precondition(has_curl))

BOOST_AUTO_TEST_CASE(curl_is_served) {
  start();
  BOOST_TEST(curl("") == "GET /x ");
  BOOST_TEST(curl("--http1.0") == "GET /x ");
  BOOST_TEST(curl("-d hello") == "POST /x hello");
  BOOST_TEST(curl("-d hello -H 'Transfer-Encoding: chunked'")
             == "POST /x hello");
  BOOST_TEST(curl("-d hello -H 'Expect: 100-continue'") == "POST /x hello");
  BOOST_TEST(curl("-I").starts_with("HTTP/1.1 200 OK\r\n"));
  BOOST_TEST(
      curl("-o - -w %{http_code} -d $(printf %02000d 0)").ends_with("413"));
}

BOOST_AUTO_TEST_CASE(curl_reads_a_stream) {
  handler = [](const exchange_ptr& exchange) {
    exchange->start_stream({});
    for (auto i = 0; i < 3; ++i)
      exchange->write(std::make_shared<std::string>("hello\n"));
    exchange->finish();
  };
  start();
  BOOST_TEST(curl("-N") == "hello\nhello\nhello\n");
  BOOST_TEST(curl("--http1.0") == "hello\nhello\nhello\n");
}

BOOST_AUTO_TEST_SUITE_END()
