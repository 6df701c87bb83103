// Limits of time and of connections.
#include "hostile_requests.hpp"
#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace brigade::net;
using namespace brigade::net::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// Takes what ends first by itself; the others are far away.
constexpr auto soon = 50ms;

struct fixture : server_fixture {
  /// The clients' end of so many connections that send nothing more.
  std::vector<raw_client> open(std::size_t count, std::string_view text) {
    std::vector<raw_client> clients;
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(connect());
      clients.back().send(text);
    }
    return clients;
  }

  /// Waits for an answer, so that the server knows this connection.
  raw_client connect_and_ask() {
    auto client = connect();
    client.send(get("/"));
    BOOST_TEST(status_of(client.read_answer()) == 200);
    return client;
  }
};

/// What is called takes at least so long.
template <class F>
void takes_at_least(std::chrono::milliseconds least, F what) {
  const auto begin = steady_clock::now();
  what();
  BOOST_TEST((steady_clock::now() - begin >= least));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_limits, fixture)

// -- time ---------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_head_that_does_not_come_ends_the_connection) {
  options.header_timeout = soon;
  start();
  takes_at_least(soon, [&] {
    auto client = connect();
    BOOST_TEST(client.is_ended());
  });
  takes_at_least(
      soon, [&] { BOOST_TEST(status_of(talk("GET / HTTP/1.1\r\n")) == 408); });
  BOOST_TEST(server->counters().timed_out == 1u);
}

BOOST_AUTO_TEST_CASE(a_head_in_drops_does_not_live_longer) {
  options.header_timeout = soon;
  start();
  auto client = connect();
  // Ends, because the server closes.
  while (client.send("x"))
    std::this_thread::yield();
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_later_head_has_its_own_time) {
  options.header_timeout = soon;
  start();
  auto client = connect_and_ask();
  takes_at_least(soon, [&] {
    client.send("GET /");
    BOOST_TEST(status_of(client.read_answer()) == 408);
  });
}

BOOST_AUTO_TEST_CASE(a_body_that_does_not_come_ends_the_connection) {
  options.body_timeout = soon;
  start();
  takes_at_least(soon, [&] {
    BOOST_TEST(status_of(talk(post("Content-Length: 5\r\n", "hell"))) == 408);
  });
  BOOST_TEST(status_of(talk(chunked("5\r\nhello\r\n"))) == 408);
  BOOST_TEST(server->counters().timed_out == 2u);
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  options.idle_timeout = soon;
  start();
  takes_at_least(soon, [&] {
    auto client = connect_and_ask();
    BOOST_TEST(client.is_ended());
  });
  BOOST_TEST(server->counters().timed_out == 0u);
}

BOOST_AUTO_TEST_CASE(work_has_no_limit_of_the_server) {
  options.header_timeout = options.body_timeout = options.idle_timeout =
      options.write_timeout = 10ms;
  mailbox<exchange_ptr> waiting;
  handler = [&](exchange_ptr exchange) { waiting.put(std::move(exchange)); };
  start();
  auto client = connect();
  client.send(get("/"));
  auto exchange = waiting.take().value();
  // Another connection lives for all of its limits meanwhile.
  for (auto i = 0; i < 5; ++i)
    BOOST_TEST(connect().is_ended());
  exchange->respond({});
  BOOST_TEST(status_of(client.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_is_given_up) {
  options.write_timeout = soon;
  mailbox<std::string> told;
  const auto big = std::make_shared<const std::string>(64u << 20, 'x');
  handler = [&](const exchange_ptr& exchange) {
    exchange->on_gone([&] { told.put("gone"); });
    http_response response;
    response.shared_body = big;
    exchange->respond(std::move(response));
  };
  start();
  auto client = connect();
  takes_at_least(soon, [&] {
    client.send(get("/"));
    BOOST_TEST(told.take().value() == "gone");
  });
  BOOST_TEST(server->counters().timed_out == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_client_that_never_ends_is_closed) {
  options.linger_timeout = soon;
  start();
  auto client = connect();
  client.send("bad\r\n\r\n");
  BOOST_TEST(status_of(client.read_answer()) == 400);
  // The server has ended its side; now it stops reading, too.
  while (client.send("x"))
    std::this_thread::yield();
  BOOST_TEST(handled.size() == 0u);
}

// -- connections --------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_oldest_without_a_head_makes_room) {
  options.connections_max = 3;
  start();
  auto kept = connect_and_ask();
  auto slow = open(2, "GET /");
  // Known to the server once this is: the system keeps their order.
  auto next = connect_and_ask();
  BOOST_TEST(slow[0].is_ended());
  BOOST_TEST(slow[1].send(" HTTP/1.1\r\nHost: a\r\n\r\n"));
  BOOST_TEST(status_of(slow[1].read_answer()) == 200);
  BOOST_TEST(server->counters().evicted == 1u);
  // All have proved themselves: the one that is idle longest makes room.
  auto last = connect_and_ask();
  BOOST_TEST(kept.is_ended());
  BOOST_TEST(server->counters().open == 3u);
  BOOST_TEST(server->counters().refused == 0u);
}

BOOST_AUTO_TEST_CASE(when_all_are_at_work_the_next_is_told_to_come_back) {
  options.connections_max = 2;
  mailbox<exchange_ptr> waiting;
  handler = [&](exchange_ptr exchange) { waiting.put(std::move(exchange)); };
  start();
  auto busy = open(2, get("/"));
  auto one = waiting.take().value();
  auto two = waiting.take().value();
  for (auto i = 0; i < 100; ++i) {
    const auto answer = talk(get("/"));
    BOOST_TEST(status_of(answer) == 503);
    BOOST_TEST(answer.find("Retry-After: 1\r\n") != std::string::npos);
  }
  BOOST_TEST(server->counters().refused == 100u);
  one->respond({});
  two->respond({});
  for (auto& client : busy)
    BOOST_TEST(status_of(client.read_answer()) == 200);
  auto next = connect();
  next.send(get("/"));
  waiting.take().value()->respond({});
  BOOST_TEST(status_of(next.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(one_address_has_so_many_connections) {
  options.connections_per_peer_max = 2;
  options.limit_loopback_peers = true;
  start();
  std::optional<raw_client> one{connect_and_ask()};
  auto two = connect_and_ask();
  BOOST_TEST(status_of(talk(get("/"))) == 429);
  one->send(get("/", "Connection: close\r\n"));
  one->read_all();
  one.reset();
  // The server has seen that end before it sees the next connection.
  auto three = connect_and_ask();
  BOOST_TEST(server->counters().refused == 1u);
}

BOOST_AUTO_TEST_CASE(this_machine_is_exempt_unless_told_otherwise) {
  options.connections_per_peer_max = 1;
  start();
  auto one = connect_and_ask();
  auto two = connect_and_ask();
  BOOST_TEST(server->counters().refused == 0u);
}

BOOST_AUTO_TEST_CASE(a_thousand_slow_clients_leave_the_good_ones_alone) {
  options.connections_max = 256;
  start();
  auto good = connect_and_ask();
  auto slow = open(1000, "GET /slow HTTP/1.1\r\nHost: a\r\nX: ");
  for (auto i = 0; i < 50; ++i) {
    // On a kept connection, and on new ones.
    good.send(get("/good"));
    BOOST_TEST(status_of(good.read_answer()) == 200);
    auto next = connect_and_ask();
    // They go on, a byte at a time, those that still can.
    for (auto& client : slow)
      client.send("y");
  }
  const auto counters = server->counters();
  BOOST_TEST(counters.evicted >= 1000u - 256u);
  BOOST_TEST(counters.open <= 256u);
  BOOST_TEST(counters.refused == 0u);
}

/// As long as this lives the process can open no descriptor. Sanitizers look at
/// memory through pipes: what runs meanwhile has run before.
class no_descriptors {
public:
  no_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    auto none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }

  ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
  rlimit before_{};
};

BOOST_AUTO_TEST_CASE(without_descriptors_room_is_made_and_the_next_waits) {
  start();
  connect_and_ask();
  auto idle = connect_and_ask();
  raw_client late;
  auto was_evicted = false;
  {
    no_descriptors none;
    late.connect(server->port());
    late.send(get("/late"));
    was_evicted = idle.is_ended();
  }
  BOOST_TEST(was_evicted);
  BOOST_TEST(status_of(late.read_answer()) == 200);
  BOOST_TEST(server->counters().evicted >= 1u);
}

BOOST_AUTO_TEST_SUITE_END()
