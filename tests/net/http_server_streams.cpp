// Answers in pieces, clients that go away, and answers that come too late.
#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <latch>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace brigade::net;
using namespace brigade::net::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const std::string> text(std::string value) {
  return std::make_shared<const std::string>(std::move(value));
}

/// Hands each exchange to the test, which answers when it likes.
struct fixture : server_fixture {
  fixture() {
    handler = [this](exchange_ptr exchange) {
      waiting.put(std::move(exchange));
    };
  }

  /// The exchange of a new request.
  exchange_ptr ask(raw_client& client, const std::string& request) {
    client.send(request);
    return waiting.take().value();
  }

  mailbox<exchange_ptr> waiting;
  mailbox<std::string> told;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_streams, fixture)

BOOST_AUTO_TEST_CASE(a_stream_arrives_piece_by_piece) {
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->start_stream({});
  const auto head = client.read_until("\r\n\r\n");
  BOOST_TEST(status_of(head) == 200);
  BOOST_TEST(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  BOOST_TEST(head.find("Content-Length") == std::string::npos);
  exchange->write(text("hello"));
  BOOST_TEST(client.read_until("hello\r\n") == "5\r\nhello\r\n");
  exchange->write(text(""));
  exchange->write(nullptr);
  exchange->write(text("0123456789abcdef"));
  exchange->write(text("!"));
  exchange->finish();
  exchange->write(text("too late"));
  BOOST_TEST(client.read_until("0\r\n\r\n")
             == "10\r\n0123456789abcdef\r\n1\r\n!\r\n0\r\n\r\n");
  // The connection goes on.
  exchange = ask(client, get("/"));
  exchange->respond({});
  BOOST_TEST(status_of(client.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(a_client_of_1_0_reads_until_the_end) {
  start();
  auto client = connect();
  auto exchange = ask(client, "GET / HTTP/1.0\r\n\r\n");
  exchange->start_stream({});
  exchange->write(text("hello"));
  exchange->write(text("world"));
  exchange->finish();
  BOOST_TEST(body_of(client.read_all()) == "helloworld");
}

BOOST_AUTO_TEST_CASE(head_of_a_stream_has_no_body) {
  start();
  auto client = connect();
  auto exchange = ask(client, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  exchange->start_stream({});
  exchange->write(text("hello"));
  exchange->finish();
  BOOST_TEST(status_of(client.read_until("\r\n\r\n")) == 200);
  ask(client, get("/"))->respond({});
  BOOST_TEST(client.read_answer().starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_dropped_is_cut_off) {
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->start_stream({});
  exchange->write(text("hello"));
  client.read_until("hello\r\n");
  exchange.reset();
  BOOST_TEST(client.is_ended());
}

BOOST_AUTO_TEST_CASE(one_buffer_serves_many) {
  start();
  constexpr auto count = 50;
  std::vector<raw_client> clients;
  std::vector<exchange_ptr> exchanges;
  for (auto i = 0; i < count; ++i) {
    clients.push_back(connect());
    exchanges.push_back(ask(clients.back(), get("/")));
    exchanges.back()->start_stream({});
  }
  for (const auto* word : {"one", "two"}) {
    const auto chunk = text(word);
    for (auto& exchange : exchanges)
      exchange->write(chunk);
    for (auto& client : clients)
      BOOST_TEST(client.read_until(*chunk).ends_with(*chunk));
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_falls_behind_is_dropped_at_the_cap) {
  options.stream_queue_bytes_max = 100'000;
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->on_gone([&] { told.put("gone"); });
  exchange->start_stream({});
  // More than the buffers of the system hold.
  const auto chunk = text(std::string(10'000, 'x'));
  auto queued_max = std::size_t{0};
  for (auto i = 0; i < 10'000 && told.size() == 0; ++i) {
    exchange->write(chunk);
    queued_max = std::max(queued_max, exchange->queued_bytes());
  }
  BOOST_TEST(told.take().value() == "gone");
  BOOST_TEST(queued_max <= options.stream_queue_bytes_max);
  BOOST_TEST(exchange->queued_bytes() == 0u);
  BOOST_TEST(server->counters().streams_dropped == 1u);
  // What it was sent ends in the middle.
  const auto all = client.read_all();
  BOOST_TEST(!all.ends_with("0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(drained_is_called_when_the_queue_is_empty) {
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->start_stream({});
  exchange->on_drained(
      [&] { told.put(std::to_string(exchange->queued_bytes())); });
  // At first because nothing waits.
  BOOST_TEST(told.take().value() == "0");
  for (auto i = 0; i < 3; ++i) {
    exchange->write(text("hello"));
    BOOST_TEST(told.take().value() == "0");
  }
  exchange->on_drained({});
  exchange->finish();
  client.read_until("0\r\n\r\n");
  BOOST_TEST(told.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_large_stream_is_paced_by_drained) {
  options.stream_queue_bytes_max = 65'536;
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->start_stream({});
  auto left = 200;
  std::weak_ptr<http_exchange> weak = exchange;
  const auto chunk = text(std::string(65'536, 'x'));
  exchange->on_drained([&left, chunk, weak] {
    auto self = weak.lock();
    if (!self)
      return;
    if (left-- > 0)
      self->write(chunk);
    else
      self->finish();
  });
  const auto all = client.read_until("\r\n0\r\n\r\n");
  BOOST_TEST(std::count(all.begin(), all.end(), 'x') == 200 * 65'536);
}

// -- clients that go away -----------------------------------------------------

BOOST_AUTO_TEST_CASE(gone_is_told_while_a_handler_works) {
  start();
  for (auto with_reset : {false, true}) {
    std::optional<raw_client> client{connect()};
    auto exchange = ask(*client, get("/"));
    exchange->on_gone([&] { told.put("gone"); });
    if (with_reset)
      client->reset();
    client.reset();
    BOOST_TEST(told.take().value() == "gone");
    // At once when it is known.
    auto told_again = false;
    exchange->on_gone([&] { told_again = true; });
    BOOST_TEST(told_again);
    // Too late for anybody.
    exchange->respond({});
    exchange->start_stream({});
    exchange->write(text("x"));
    exchange->finish();
    exchange->close();
    BOOST_TEST(exchange->queued_bytes() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(gone_is_told_while_a_stream_is_idle) {
  start();
  for (auto with_reset : {false, true}) {
    std::optional<raw_client> client{connect()};
    auto exchange = ask(*client, get("/"));
    exchange->on_gone([&] { told.put("gone"); });
    exchange->start_stream({});
    exchange->write(text("hello"));
    client->read_until("hello\r\n");
    BOOST_TEST(told.size() == 0u);
    if (with_reset)
      client->reset();
    client.reset();
    BOOST_TEST(told.take().value() == "gone");
  }
}

BOOST_AUTO_TEST_CASE(gone_is_not_told_after_a_whole_answer) {
  start();
  auto released = std::make_shared<int>(1);
  std::weak_ptr<int> weak = released;
  exchange_ptr exchange;
  {
    auto client = connect();
    exchange = ask(client, get("/"));
    exchange->on_gone([&, kept = std::move(released)] { told.put("gone"); });
    exchange->respond({});
    BOOST_TEST(status_of(client.read_answer()) == 200);
    ask(client, get("/2"))->respond({});
    client.read_answer();
  }
  exchange->on_gone([&] { told.put("gone"); });
  server.reset();
  BOOST_TEST(told.size() == 0u);
  BOOST_TEST(weak.expired());
}

BOOST_AUTO_TEST_CASE(an_answer_reaches_a_client_that_sends_no_more) {
  const auto big = text(std::string(4u << 20, 'x'));
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  http_response response;
  response.shared_body = big;
  exchange->respond(std::move(response));
  client.read_until("\r\n\r\n");
  client.end_writing();
  BOOST_TEST((client.read_all() == *big));
}

BOOST_AUTO_TEST_CASE(close_ends_the_connection) {
  start();
  auto client = connect();
  auto exchange = ask(client, get("/"));
  exchange->on_gone([&] { told.put("gone"); });
  exchange->close();
  BOOST_TEST(client.is_ended());
  BOOST_TEST(told.take().value() == "gone");
}

BOOST_AUTO_TEST_CASE(what_is_sent_ahead_is_kept_within_a_bound) {
  start();
  auto client = connect();
  auto exchange = ask(client, get("/first"));
  exchange->on_gone([&] { told.put("gone"); });
  // The client's own system refuses more once nobody reads.
  std::string ahead;
  for (auto i = 0; i < 100; ++i)
    ahead += get("/ahead");
  std::thread sender{[&] {
    for (auto i = 0; i < 2000 && client.send(ahead); ++i) {
    }
  }};
  exchange->respond({});
  for (auto i = 0; i < 20; ++i) {
    auto next = waiting.take().value();
    BOOST_TEST(next->request().target == "/ahead");
    next->respond({});
  }
  BOOST_TEST(told.size() == 0u);
  server.reset();
  sender.join();
}

// -- the server's end ---------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_servers_end_is_told_and_late_answers_do_nothing) {
  start();
  auto one = connect();
  auto waiting_one = ask(one, get("/"));
  waiting_one->on_gone([&] { told.put("one"); });
  auto two = connect();
  auto streaming = ask(two, get("/"));
  streaming->on_gone([&] { told.put("two"); });
  streaming->start_stream({});
  auto idle = connect();
  server.reset();
  io.reset();
  BOOST_TEST(told.size() == 2u);
  BOOST_TEST(one.is_ended());
  BOOST_TEST(idle.is_ended());
  waiting_one->respond({});
  streaming->write(text("x"));
  streaming->finish();
  waiting_one->on_drained([&] { told.put("drained"); });
  auto told_again = false;
  waiting_one->on_gone([&] { told_again = true; });
  BOOST_TEST(told_again);
}

BOOST_AUTO_TEST_CASE(threads_may_write_while_clients_and_server_end) {
  start();
  constexpr auto count = 8;
  std::vector<std::thread> writers;
  std::vector<raw_client> clients;
  std::latch under_way{count};
  std::atomic<bool> stop = false;
  const auto chunk = text("hello");
  for (auto i = 0; i < count; ++i) {
    clients.push_back(connect());
    auto exchange = ask(clients.back(), get("/"));
    writers.emplace_back([&, exchange = std::move(exchange)]() mutable {
      exchange->start_stream({});
      exchange->write(chunk);
      under_way.count_down();
      while (!stop) {
        exchange->write(chunk);
        std::this_thread::yield();
      }
    });
  }
  under_way.wait();
  for (auto i = 0; i < count / 2; ++i)
    clients.pop_back();
  server.reset();
  stop = true;
  for (auto& writer : writers)
    writer.join();
}

BOOST_AUTO_TEST_CASE(the_server_may_be_ended_from_its_own_callbacks) {
  handler = [this](const exchange_ptr&) {
    server.reset();
    told.put("ended");
  };
  start();
  BOOST_TEST(talk(get("/")).empty());
  BOOST_TEST(told.take().value() == "ended");
  handler = [this](const exchange_ptr& exchange) {
    exchange->on_gone([this, exchange] {
      server.reset();
      told.put("gone");
    });
    told.put("here");
  };
  start();
  {
    auto client = connect();
    client.send(get("/"));
    BOOST_TEST(told.take().value() == "here");
  }
  BOOST_TEST(told.take().value() == "gone");
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_accepting_finishes_its_answers) {
  start();
  auto idle = connect();
  ask(idle, get("/"))->respond({});
  idle.read_answer();
  auto busy = connect();
  auto exchange = ask(busy, get("/"));
  auto streaming = connect();
  auto stream = ask(streaming, get("/"));
  stream->start_stream({});
  server->stop_accepting();
  BOOST_CHECK_THROW(connect(), std::runtime_error);
  BOOST_TEST(idle.is_ended());
  exchange->respond({});
  BOOST_TEST(busy.read_answer().find("Connection: close") != std::string::npos);
  BOOST_TEST(busy.is_ended());
  stream->write(text("hello"));
  stream->finish();
  BOOST_TEST(streaming.read_all().ends_with("hello\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
