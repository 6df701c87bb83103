// What the server does not take: hostile requests, bodies that are too large
// or not wanted, expectations.
#include "hostile_requests.hpp"
#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade::net;
using namespace brigade::net::test;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_requests, server_fixture)

BOOST_AUTO_TEST_CASE(hostile_requests_end_the_connection_and_hide_nothing) {
  admission = [](const http_request&) -> http_verdict {
    return std::size_t{1u << 20};
  };
  start();
  for (const auto& item : hostile_requests()) {
    const auto answer = talk(item.text + hidden_request);
    BOOST_TEST(status_of(answer) == item.status, item.name);
    BOOST_TEST(contains(answer, "Connection: close\r\n"), item.name);
    BOOST_TEST(answer.find("HTTP/1.1 ") == answer.rfind("HTTP/1.1 "),
               item.name);
  }
  BOOST_TEST(handled.size() == 0u);
  BOOST_TEST(server->counters().rejected_by_gate == hostile_heads().size());
}

BOOST_AUTO_TEST_CASE(what_is_hidden_behind_a_good_request_is_not_served) {
  start();
  for (const auto& item : hostile_requests()) {
    auto client = connect();
    client.send(get("/good"));
    BOOST_TEST(status_of(client.read_answer()) == 200);
    // In pieces of a byte, as far as the server reads.
    for (auto c : item.text + hidden_request)
      if (!client.send({&c, 1}))
        break;
    BOOST_TEST(status_of(client.read_answer()) == item.status, item.name);
  }
  BOOST_TEST(handled.size() == hostile_requests().size());
}

BOOST_AUTO_TEST_CASE(a_head_that_ends_early_is_not_served) {
  start();
  const auto text = get("/a");
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
    auto client = connect();
    client.send(text.substr(0, bytes));
    client.end_writing();
    BOOST_TEST(client.is_ended());
  }
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_body_has_the_limit_that_admission_gives) {
  start();
  auto client = connect();
  client.send(post("Content-Length: 1024\r\n", std::string(1024, 'x')));
  BOOST_TEST(status_of(client.read_answer()) == 200);
  client.send(chunked("400\r\n" + std::string(1024, 'x') + "\r\n0\r\n\r\n"));
  BOOST_TEST(status_of(client.read_answer()) == 200);
  BOOST_TEST(status_of(talk(post("Content-Length: 1025\r\n", {}))) == 413);
  BOOST_TEST(status_of(talk(chunked("401\r\n"))) == 413);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_on_sending_sees_why_it_is_refused) {
  start();
  auto client = connect();
  constexpr std::size_t bytes = 700'000;
  client.send(post("Content-Length: " + std::to_string(bytes) + "\r\n", {}));
  BOOST_TEST(client.send(std::string(bytes, 'x')));
  BOOST_TEST(status_of(client.read_answer()) == 413);
  BOOST_TEST(client.is_ended());
}

BOOST_AUTO_TEST_CASE(admission_answers_before_the_body_is_read) {
  mailbox<std::string> asked;
  admission = [&](const http_request& head) -> http_verdict {
    asked.put(head.method + ' ' + head.body + head.peer);
    http_response response;
    response.status = 401;
    response.body = "no";
    return response;
  };
  start();
  // Without a body the connection goes on.
  auto client = connect();
  for (auto i = 0; i < 2; ++i) {
    client.send(get("/"));
    BOOST_TEST(body_of(client.read_answer()) == "no");
  }
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
  BOOST_TEST(contains(client.read_until("\r\n\r\n"), "Content-Length: 2\r\n"));
  BOOST_TEST(body_of(client.read_answer()) == "no");
  client.send(post("Content-Length: 5\r\n", {}));
  BOOST_TEST(contains(client.read_answer(), "Connection: close"));
  BOOST_TEST(client.is_ended());
  BOOST_TEST(handled.size() == 0u);
  for (auto method : {"GET", "GET", "HEAD", "GET", "POST"})
    BOOST_TEST(asked.take().value() == std::string{method} + " 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(admission_that_throws_is_answered_with_500) {
  admission = [](const http_request&) -> http_verdict { throw 1; };
  start();
  auto client = connect();
  client.send(get("/"));
  BOOST_TEST(status_of(client.read_answer()) == 500);
}

BOOST_AUTO_TEST_CASE(continue_is_said_after_admission) {
  start();
  auto client = connect();
  client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", {}));
  BOOST_TEST(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  BOOST_TEST(body_of(client.read_answer()) == "POST /x hello");
  // Not when the body is there already, or is not wanted.
  client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"));
  BOOST_TEST(status_of(client.read_answer()) == 200);
  client.send(post("Expect: 100-continue\r\nContent-Length: 2000\r\n", {}));
  BOOST_TEST(status_of(client.read_answer()) == 413);
}

BOOST_AUTO_TEST_SUITE_END()
