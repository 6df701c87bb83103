#include "brigade/net/gate.hpp"

#include "hostile_requests.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace brigade::net;
using namespace brigade::net::test;

namespace {

/// Feeds the text in pieces of this size; what is left comes back.
std::string_view feed(gate& subject, std::string_view text,
                      std::size_t piece_bytes) {
  while (!text.empty() && subject.state() == gate_state::wants_more)
    text.remove_prefix(subject.feed(text.substr(0, piece_bytes)));
  return text;
}

gate_head pass(std::string_view text) {
  gate subject{{}};
  auto rest = feed(subject, text, text.size());
  BOOST_TEST_REQUIRE((subject.state() == gate_state::passed), text);
  BOOST_TEST(rest.empty());
  return subject.take();
}

int status_of(std::string_view text, const gate_limits& limits = {}) {
  gate subject{limits};
  feed(subject, text, text.size());
  switch (subject.state()) {
  case gate_state::wants_more:
    return 0;
  case gate_state::passed:
    return 200;
  default:
    return subject.rejection().status;
  }
}

std::string head_with(std::size_t fields) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 1; i < fields; ++i)
    text += "X: y\r\n";
  return text + "\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_gate)

BOOST_AUTO_TEST_CASE(a_head_is_taken_apart) {
  auto head = pass("POST /a/b?c=d HTTP/1.1\r\nHost: example.org:8080\r\n"
                   "X-EMPTY:\r\nx-text: \t a b\t \r\n"
                   "Content-Length: 12\r\n\r\n");
  const auto& request = head.request;
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.target == "/a/b?c=d");
  BOOST_TEST(request.version_minor == 1);
  BOOST_TEST(request.fields.size() == 4u);
  BOOST_TEST(request.field("host") == "example.org:8080");
  BOOST_TEST(request.has("x-empty"));
  BOOST_TEST(request.field("x-empty").empty());
  BOOST_TEST(request.field("x-text") == "a b");
  BOOST_TEST(!request.has("x-other"));
  BOOST_TEST(request.field("x-other").empty());
  BOOST_TEST(head.content_bytes == 12u);
  BOOST_TEST(head.has_body());
  BOOST_TEST(!head.chunked);
  BOOST_TEST(head.keep_alive);
}

BOOST_AUTO_TEST_CASE(what_is_in_order_passes) {
  for (auto text :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "M-SEARCH /%20?a[]=b|c HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET // HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::ffff:127.0.0.1]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a_b.c-d:65535\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \xc3\xa9\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"})
    BOOST_TEST(status_of(text) == 200, text);
}

BOOST_AUTO_TEST_CASE(what_is_hostile_is_rejected_however_it_comes) {
  for (const auto& item : hostile_heads())
    for (auto piece_bytes : {item.text.size(), std::size_t{1}}) {
      gate subject{{}};
      feed(subject, item.text, piece_bytes);
      BOOST_TEST_REQUIRE((subject.state() == gate_state::rejected), item.name);
      BOOST_TEST(subject.rejection().status == item.status, item.name);
      BOOST_TEST(!subject.rejection().reason.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_body_passes_the_gate) {
  for (const auto& item : hostile_chunks())
    BOOST_TEST(status_of(item.text) == 200, item.name);
}

BOOST_AUTO_TEST_CASE(no_beginning_of_a_head_passes) {
  const std::string text = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes)
    BOOST_TEST(status_of(text.substr(0, bytes)) == 0, bytes);
  BOOST_TEST(status_of(text) == 200);
}

BOOST_AUTO_TEST_CASE(bytes_after_the_head_are_left) {
  const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t piece_bytes : {1, 7, 1000}) {
    gate subject{{}};
    const auto all = text + text + "rest";
    auto rest = feed(subject, all, piece_bytes);
    BOOST_TEST((subject.state() == gate_state::passed));
    subject.take();
    BOOST_TEST(subject.is_empty());
    rest = feed(subject, rest, piece_bytes);
    BOOST_TEST((subject.state() == gate_state::passed));
    BOOST_TEST(rest == "rest");
    BOOST_TEST(subject.feed(rest) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(the_limits_are_exact) {
  const std::string text = "GET /1234 HTTP/1.1\r\nHost: a\r\n\r\n";
  BOOST_TEST(status_of(text, {text.size(), 64, 2048}) == 200);
  BOOST_TEST(status_of(text, {text.size() - 1, 64, 2048}) == 431);
  BOOST_TEST(status_of(text, {12, 64, 2048}) == 414);
  BOOST_TEST(status_of(text, {8192, 64, 5}) == 200);
  BOOST_TEST(status_of(text, {8192, 64, 4}) == 414);
  BOOST_TEST(status_of(head_with(64)) == 200);
  BOOST_TEST(status_of(head_with(65)) == 431);
}

BOOST_AUTO_TEST_CASE(the_largest_length_has_18_digits) {
  auto head = pass(post("Content-Length: 999999999999999999\r\n", {}));
  BOOST_TEST(head.content_bytes == 999'999'999'999'999'999u);
  BOOST_TEST(status_of(post("Content-Length: 1000000000000000000\r\n", {}))
             == 400);
}

BOOST_AUTO_TEST_CASE(chunked_is_one_word_in_any_case) {
  BOOST_TEST(pass(post("Transfer-Encoding: cHuNkEd\r\n", {})).chunked);
  BOOST_TEST(pass(post("Transfer-Encoding: chunked \r\n", {})).has_body());
}

BOOST_AUTO_TEST_CASE(a_connection_ends_with_close_and_with_1_0) {
  BOOST_TEST(!pass(post("Connection: close\r\n", {})).keep_alive);
  BOOST_TEST(!pass(post("Connection: x, CLOSE\r\n", {})).keep_alive);
  BOOST_TEST(pass(post("Connection: closed,x\r\n", {})).keep_alive);
  BOOST_TEST(
      !pass("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

BOOST_AUTO_TEST_CASE(continue_is_expected_for_a_body_only) {
  const std::string expect = "Expect: 100-Continue\r\n";
  BOOST_TEST(pass(post(expect + "Content-Length: 1\r\n", {})).expects_continue);
  BOOST_TEST(!pass(post(expect, {})).expects_continue);
  BOOST_TEST(!pass("PUT / HTTP/1.0\r\nContent-Length: 1\r\n" + expect + "\r\n")
                  .expects_continue);
}

BOOST_AUTO_TEST_SUITE_END()
