#include "hostile_requests.hpp"
#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <string>
#include <thread>

using namespace brigade::net;
using namespace brigade::net::test;
using namespace std::chrono_literals;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What comes after the status line and the date.
std::string after_date(std::string_view answer) {
  return std::string{answer.substr(answer.find("GMT\r\n") + 5)};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_servers, server_fixture)

BOOST_AUTO_TEST_CASE(a_connection_serves_one_request_after_the_other) {
  start();
  auto client = connect();
  for (auto target : {"/1", "/2", "/3"}) {
    client.send(get(target));
    const auto answer = client.read_answer();
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    BOOST_TEST(after_date(answer)
               == "Content-Length: 7\r\n\r\nGET " + std::string{target} + ' ');
  }
  const auto counters = server->counters();
  BOOST_TEST(counters.accepted == 1u);
  BOOST_TEST(counters.open == 1u);
  BOOST_TEST(counters.requests == 3u);
}

BOOST_AUTO_TEST_CASE(the_handler_sees_the_request) {
  std::promise<http_request> seen;
  handler = [&](const exchange_ptr& exchange) {
    seen.set_value(exchange->request());
    exchange->respond({});
  };
  start();
  auto client = connect();
  client.send("PUT /a?b HTTP/1.1\r\nHOST: x\r\nX-Y: z\r\nContent-Length: "
              "4\r\n\r\nbody");
  BOOST_TEST(status_of(client.read_answer()) == 200);
  const auto request = seen.get_future().get();
  BOOST_TEST(request.method == "PUT");
  BOOST_TEST(request.target == "/a?b");
  BOOST_TEST(request.field("x-y") == "z");
  BOOST_TEST(request.body == "body");
  BOOST_TEST(request.peer == "127.0.0.1");
  BOOST_TEST(!request.tls);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  mailbox<exchange_ptr> waiting;
  handler = [&](exchange_ptr exchange) { waiting.put(std::move(exchange)); };
  start();
  auto client = connect();
  client.send(get("/1") + get("/2")
              + "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
              + get("/4"));
  for (auto target : {"/1", "/2", "/3", "/4"}) {
    auto exchange = *waiting.take();
    BOOST_TEST(exchange->request().target == target);
    // One at a time.
    BOOST_TEST(waiting.size() == 0u);
    http_response response;
    response.body = target;
    exchange->respond(std::move(response));
    BOOST_TEST(body_of(client.read_answer()) == target);
  }
}

BOOST_AUTO_TEST_CASE(a_long_pipeline_is_served_to_its_end) {
  options.requests_per_connection_max = 0;
  start();
  auto client = connect();
  constexpr auto count = 2000;
  std::string text;
  for (auto i = 0; i < count; ++i)
    text += get("/" + std::to_string(i));
  std::thread sender{[&] { client.send(text); }};
  for (auto i = 0; i < count; ++i)
    BOOST_TEST_REQUIRE(body_of(client.read_answer())
                       == "GET /" + std::to_string(i) + " ");
  sender.join();
}

BOOST_AUTO_TEST_CASE(requests_in_pieces_of_one_byte_are_served) {
  start();
  auto client = connect();
  for (auto c :
       get("/a")
           + post("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n"))
    BOOST_TEST_REQUIRE(client.send({&c, 1}));
  BOOST_TEST(body_of(client.read_answer()) == "GET /a ");
  BOOST_TEST(body_of(client.read_answer()) == "POST /x hi");
}

BOOST_AUTO_TEST_CASE(head_gets_the_fields_and_no_body) {
  start();
  auto client = connect();
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"));
  BOOST_TEST(contains(client.read_until("\r\n\r\n"), "Content-Length: 8\r\n"));
  BOOST_TEST(body_of(client.read_answer()) == "GET /b ");
}

BOOST_AUTO_TEST_CASE(statuses_without_body_have_no_length) {
  handler = [](const exchange_ptr& exchange) {
    http_response response;
    response.status = 204;
    response.body = "ignored";
    exchange->respond(std::move(response));
  };
  start();
  auto client = connect();
  client.send(get("/1") + get("/2"));
  for (auto i = 0; i < 2; ++i)
    BOOST_TEST(after_date(client.read_answer()) == "\r\n");
}

BOOST_AUTO_TEST_CASE(close_is_honoured_from_both_sides) {
  start();
  BOOST_TEST(contains(talk(get("/1", "Connection: close\r\n") + get("/2")),
                      "Connection: close\r\n\r\nGET /1 "));
  BOOST_TEST(contains(talk("GET /3 HTTP/1.0\r\n\r\n"), "Connection: close"));
  server.reset();
  handler = [this](const exchange_ptr& exchange) {
    handled.put(exchange->request().target);
    http_response response;
    response.close = true;
    exchange->respond(std::move(response));
  };
  start();
  BOOST_TEST(contains(talk(get("/4") + get("/5")), "Connection: close"));
  for (auto target : {"/1", "/3", "/4"})
    BOOST_TEST(handled.take().value() == target);
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_connection_has_so_many_requests) {
  options.requests_per_connection_max = 2;
  start();
  const auto text = talk(get("/1") + get("/2") + get("/3"));
  BOOST_TEST(contains(text, "Connection: close\r\n\r\nGET /2 "));
  BOOST_TEST(handled.size() == 2u);
}

BOOST_AUTO_TEST_CASE(no_value_adds_a_header_or_an_answer) {
  handler = [](const exchange_ptr& exchange) {
    http_response response;
    response.status = 99;
    response.fields = {{"X-A", "b\r\nX-Evil: 1\r\n\r\nbody"},
                       {"X-Nul", std::string{"a\0b\x7f", 4}},
                       {"X-B\r\nX-Evil", "1"},
                       {"", "1"},
                       {"Content-Length", "99"},
                       {"TRANSFER-ENCODING", "chunked"},
                       {"Connection", "upgrade"},
                       {"Date", "never"},
                       {"X-Tab", "a\tb"}};
    exchange->respond(std::move(response));
  };
  start();
  auto client = connect();
  client.send(get("/"));
  const auto answer = client.read_answer();
  BOOST_TEST(status_of(answer) == 500);
  BOOST_TEST(after_date(answer)
             == "X-A: bX-Evil: 1body\r\nX-Nul: ab\r\nX-Tab: a\tb\r\n"
                "Content-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(only_the_first_answer_counts) {
  handler = [](const exchange_ptr& exchange) {
    http_response response;
    response.body = "first";
    exchange->respond(std::move(response));
    exchange->respond({});
    exchange->start_stream({});
    exchange->write(std::make_shared<std::string>("more"));
    exchange->finish();
  };
  start();
  auto client = connect();
  client.send(get("/1") + get("/2"));
  BOOST_TEST(body_of(client.read_answer()) == "first");
  BOOST_TEST(body_of(client.read_answer()) == "first");
}

BOOST_AUTO_TEST_CASE(a_body_can_be_shared) {
  const auto text = std::make_shared<const std::string>(100'000, 'x');
  handler = [&](const exchange_ptr& exchange) {
    http_response response;
    response.shared_body = text;
    exchange->respond(std::move(response));
  };
  start();
  auto client = connect();
  client.send(get("/"));
  BOOST_TEST(body_of(client.read_answer()) == *text);
}

BOOST_AUTO_TEST_CASE(a_handler_that_does_not_answer_is_answered_for) {
  handler = [](const exchange_ptr& exchange) {
    if (exchange->request().target == "/throw")
      throw 1;
  };
  start();
  auto client = connect();
  for (auto target : {"/forget", "/throw"}) {
    client.send(get(target));
    BOOST_TEST(status_of(client.read_answer()) == 500);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_from_another_thread) {
  std::vector<std::thread> threads;
  handler = [&](const exchange_ptr& exchange) {
    threads.emplace_back([exchange] {
      http_response response;
      response.body = exchange->request().target;
      exchange->respond(std::move(response));
    });
  };
  start();
  auto client = connect();
  for (auto i = 0; i < 50; ++i) {
    client.send(get("/" + std::to_string(i)));
    BOOST_TEST(body_of(client.read_answer()) == "/" + std::to_string(i));
  }
  server.reset();
  for (auto& thread : threads)
    thread.join();
}

BOOST_AUTO_TEST_CASE(answers_are_recorded) {
  mailbox<std::string> records;
  options.on_access = [&](const access_record& record) {
    std::string text{record.method};
    text += ' ';
    text += record.path;
    text += ' ' + std::to_string(record.status) + ' '
            + std::to_string(record.body_bytes) + ' ';
    text += record.peer;
    if (record.cut_off)
      text += " cut";
    records.put(text);
  };
  start();
  auto client = connect();
  client.send(get("/a?secret=b"));
  client.read_answer();
  client.send(get("/" + std::string(1000, 'x')) + "bad\r\n\r\n");
  client.read_all();
  BOOST_TEST(records.take().value() == "GET /a 200 16 127.0.0.1");
  BOOST_TEST(records.take().value().size()
             == std::string{"GET  200 1006 127.0.0.1"}.size() + 256);
  BOOST_TEST(records.take().value().starts_with("  400 "));
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_and_a_bad_address_are_errors) {
  start();
  auto again = options;
  again.port = server->port();
  auto second = http_server::start(io, again, admission, handler);
  BOOST_TEST_REQUIRE(!second);
  BOOST_TEST(contains(second.error(), "cannot listen on 127.0.0.1 port "));
  again.address = "localhost";
  BOOST_TEST(contains(http_server::start(io, again, admission, handler).error(),
                      "must be an IP address, not \"localhost\""));
}

BOOST_AUTO_TEST_SUITE_END()
