// What the HTTP client makes of each fault of a gate.
#include "../net/provider_fixture.hpp"
#include "../net/raw_server.hpp"
#include "brigade/testkit/tcp_gate.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace brigade;
using namespace brigade::net::test;
using namespace std::chrono_literals;
using testkit::gate_counters;
using testkit::gate_fault;
using testkit::tcp_gate;

namespace {

struct client_fixture : provider_fixture {
  const std::string answer = http_reply(200, chat_reply("hi"));
  raw_server server{answer_with(answer)};
  std::unique_ptr<tcp_gate> gate;

  void through(gate_fault fault) {
    provider.reset();
    testkit::tcp_gate_options made;
    made.target_port = server.port();
    made.fault_of = [fault](std::uint64_t) { return fault; };
    gate = std::make_unique<tcp_gate>(std::move(made));
    BOOST_TEST_REQUIRE(gate->problem() == "");
    connect_to(gate->url());
  }

  std::string_view code_through(gate_fault fault) {
    through(fault);
    return code_of(call());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_tcp_gate_client, client_fixture)

BOOST_AUTO_TEST_CASE(a_gate_without_faults_changes_nothing) {
  BOOST_TEST(code_through({}) == "ok");
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(gate->counters().connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_fails) {
  const auto code = code_through({.refuse = true});
  // The reset may come before or after the request.
  BOOST_TEST((code == "connect_failed" || code == "connection_lost"), code);
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_delayed_answer_is_ok_or_late) {
  BOOST_TEST(code_through({.delay = 20ms}) == "ok");
  through({.delay = 10s});
  BOOST_TEST(code_of(call(40ms)) == "timed_out");
  options.first_token_timeout = 40ms;
  BOOST_TEST(code_through({.delay = 10s}) == "first_token_timeout");
}

BOOST_AUTO_TEST_CASE(an_answer_in_single_bytes_is_whole) {
  through({.slice_bytes = 1});
  auto result = call();
  BOOST_TEST(code_of(result) == "ok");
  BOOST_TEST(result.reply.text.str() == "hi");
}

BOOST_AUTO_TEST_CASE(a_slow_answer_is_ok_or_late) {
  BOOST_TEST(code_through({.bytes_per_s = 5000}) == "ok");
  through({.bytes_per_s = 100});
  BOOST_TEST(code_of(call(60ms)) == "timed_out");
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_wrong_byte_is_found_out) {
  // The `H` of HTTP, and the brace that begins the body.
  const auto body = answer.find('{');
  BOOST_TEST(code_through({.corrupt_at_byte = 0}) == "reply_malformed");
  BOOST_TEST(code_through({.corrupt_at_byte = body}) == "reply_malformed");
}

BOOST_AUTO_TEST_CASE(a_reset_answer_is_a_lost_connection) {
  for (auto bytes :
       {std::size_t{0}, std::size_t{1}, answer.find('{'), answer.size() - 1})
    BOOST_TEST(code_through({.reset_after_bytes = bytes}) == "connection_lost",
               bytes);
}

BOOST_AUTO_TEST_CASE(a_truncated_answer_is_a_lost_connection) {
  for (auto bytes :
       {std::size_t{0}, std::size_t{1}, answer.find('{'), answer.size() - 1})
    BOOST_TEST(code_through({.truncate_after_bytes = bytes})
                   == "connection_lost",
               bytes);
}

BOOST_AUTO_TEST_CASE(an_answer_that_breaks_after_its_end_is_ok) {
  BOOST_TEST(code_through({.reset_after_bytes = answer.size()}) == "ok");
  BOOST_TEST(code_through({.truncate_after_bytes = answer.size()}) == "ok");
}

BOOST_AUTO_TEST_CASE(a_stalled_answer_is_late) {
  for (auto bytes : {std::size_t{0}, std::size_t{1}, answer.size() - 1}) {
    through({.stall_after_bytes = bytes});
    BOOST_TEST(code_of(call(40ms)) == "timed_out", bytes);
  }
  // Each limit has a code of its own.
  options.first_token_timeout = 40ms;
  BOOST_TEST(code_through({.stall_after_bytes = 0}) == "first_token_timeout");
  options.read_idle_timeout = 40ms;
  BOOST_TEST(code_through({.stall_after_bytes = answer.size() - 1})
             == "idle_timeout");
}

BOOST_AUTO_TEST_SUITE_END()
