// The limits of one call's time: each ends it with its own code, and each code
// has its own rule of money.
#include "provider_fixture.hpp"
#include "raw_server.hpp"

#include <boost/test/unit_test.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <string>

using namespace brigade;
using namespace brigade::net::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// A port whose connections hang: it listens, but nobody takes connections and
/// no more may wait.
class full_port {
public:
  full_port() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* where = reinterpret_cast<sockaddr*>(&address);
    ::bind(fd_, where, length);
    ::listen(fd_, 0);
    ::getsockname(fd_, where, &length);
    port_ = ntohs(address.sin_port);
    for (auto& waiting : waiting_) {
      waiting = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      ::connect(waiting, where, length);
    }
  }

  ~full_port() {
    for (auto waiting : waiting_)
      ::close(waiting);
    ::close(fd_);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
  }

private:
  int fd_;
  int waiting_[4] = {};
  std::uint16_t port_ = 0;
};

struct limits_fixture : provider_fixture {
  const std::string whole = net::test::http_reply(200, chat_reply("hi"));
  const std::size_t head_bytes = whole.find("\r\n\r\n") + 4;
  std::promise<bool> ended;

  limits_fixture() {
    options.connect_timeout = 15s;
    options.first_token_timeout = 0ms;
    options.read_idle_timeout = 0ms;
  }

  /// Reads a request, answers with `bytes` and says no more.
  raw_server::script stop_after(std::string bytes) {
    return [this, bytes = std::move(bytes)](raw_peer& peer, int) {
      peer.read_request();
      peer.write(bytes);
      ended.set_value(peer.wait_for_end());
    };
  }

  /// One call must end with this code, after this time, and say what to raise.
  void check_ends(std::string_view code, milliseconds after,
                  std::string_view raise, milliseconds limit = 15s) {
    const auto before = steady_clock::now();
    const auto result = call(limit);
    const auto took = steady_clock::now() - before;
    BOOST_TEST(code_of(result) == code, result.message);
    BOOST_TEST((took >= after));
    BOOST_TEST((took < after + 5s));
    BOOST_TEST(result.message.find(std::to_string(after.count()) + " ms")
                   != std::string::npos,
               result.message);
    BOOST_TEST(result.message.find(raise) != std::string::npos, result.message);
    const auto is_free = code == "connect_timeout";
    BOOST_TEST(core::to_string(core::money_rule_of(result))
               == (is_free ? "release" : "charge_in_full"));
    BOOST_TEST(core::is_retryable(result));
    BOOST_TEST(result.http_status == 0);
  }

  /// The same at a server whose answer stops after so many bytes; its end of
  /// the connection is told.
  void check_stopped(std::size_t bytes, std::string_view code,
                     milliseconds after, std::string_view raise,
                     milliseconds limit = 15s) {
    ended = {};
    raw_server server{stop_after(whole.substr(0, bytes))};
    connect_to(server.base_url());
    check_ends(code, after, raise, limit);
    BOOST_TEST(ended.get_future().get());
  }
};

/// Waits for as long as a slow server thinks.
void think(milliseconds time) {
  std::promise<void>{}.get_future().wait_for(time);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(net_time_limits, limits_fixture)

BOOST_AUTO_TEST_CASE(a_connection_that_takes_too_long_costs_nothing) {
  full_port nobody;
  options.connect_timeout = 50ms;
  connect_to(nobody.url());
  check_ends("connect_timeout", 50ms, "raise connect_timeout_ms");
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_before_it_has_connected_costs_nothing) {
  full_port nobody;
  connect_to(nobody.url());
  check_ends("connect_timeout", 50ms, "give the call more time", 50ms);
  options.call_timeout = 50ms;
  connect_to(nobody.url());
  check_ends("connect_timeout", 50ms, "raise call_timeout_ms");
}

BOOST_AUTO_TEST_CASE(the_limit_of_connecting_ends_when_the_connection_stands) {
  options.connect_timeout = 100ms;
  // No limit but that of the call.
  check_stopped(0, "timed_out", 200ms, "give the call more time", 200ms);
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_begin_is_charged_in_full) {
  options.first_token_timeout = 50ms;
  options.read_idle_timeout = 10ms;
  check_stopped(0, "first_token_timeout", 50ms, "raise first_token_timeout_ms");
}

BOOST_AUTO_TEST_CASE(a_head_alone_is_not_the_first_byte_of_an_answer) {
  options.first_token_timeout = 100ms;
  options.read_idle_timeout = 10ms;
  check_stopped(head_bytes, "first_token_timeout", 100ms,
                "raise first_token_timeout_ms");
  options.first_token_timeout = 0ms;
  check_stopped(head_bytes, "timed_out", 100ms, "more time", 100ms);
}

BOOST_AUTO_TEST_CASE(an_interim_answer_is_not_the_first_byte_of_an_answer) {
  options.first_token_timeout = 50ms;
  options.read_idle_timeout = 10ms;
  raw_server server{stop_after("HTTP/1.1 100 Continue\r\n\r\n")};
  connect_to(server.base_url());
  check_ends("first_token_timeout", 50ms, "raise first_token_timeout_ms");
}

BOOST_AUTO_TEST_CASE(an_answer_that_stands_still_is_charged_in_full) {
  options.read_idle_timeout = 50ms;
  for (auto bytes :
       {std::size_t{1}, head_bytes - 1, head_bytes + 1, whole.size() - 1})
    check_stopped(bytes, "idle_timeout", 50ms, "raise idle_timeout_ms");
}

BOOST_AUTO_TEST_CASE(whichever_limit_comes_first_ends_the_call) {
  options.first_token_timeout = 5s;
  options.read_idle_timeout = 50ms;
  check_stopped(head_bytes + 1, "idle_timeout", 50ms, "raise idle_timeout_ms");
  check_stopped(0, "timed_out", 50ms, "more time", 50ms);
  options.read_idle_timeout = 5s;
  check_stopped(head_bytes + 1, "timed_out", 50ms, "more time", 50ms);
  // Within a head both limits run.
  options.first_token_timeout = 50ms;
  check_stopped(head_bytes - 1, "first_token_timeout", 50ms,
                "raise first_token_timeout_ms");
}

BOOST_AUTO_TEST_CASE(without_limits_only_the_call_itself_ends) {
  for (auto bytes : {std::size_t{0}, head_bytes, head_bytes + 1})
    check_stopped(bytes, "timed_out", 50ms, "more time", 50ms);
}

BOOST_AUTO_TEST_CASE(the_providers_own_limit_of_a_call_is_named) {
  options.call_timeout = 50ms;
  check_stopped(0, "timed_out", 50ms, "raise call_timeout_ms");
  options.call_timeout = 5s;
  check_stopped(0, "timed_out", 50ms, "give the call more time", 50ms);
}

BOOST_AUTO_TEST_CASE(an_answer_may_take_longer_than_its_pauses) {
  options.read_idle_timeout = 300ms;
  raw_server server{[this](raw_peer& peer, int) {
    peer.read_request();
    for (std::size_t at = 0; at < whole.size(); at += 10) {
      peer.write(whole.substr(at, 10));
      think(20ms);
    }
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  const auto before = steady_clock::now();
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST((steady_clock::now() - before > 300ms));
}

BOOST_AUTO_TEST_CASE(an_answer_that_has_begun_is_free_of_the_first_limit) {
  options.first_token_timeout = 300ms;
  std::promise<void> go;
  auto released = go.get_future().share();
  raw_server server{[&](raw_peer& peer, int index) {
    peer.read_request();
    if (index == 0) {
      peer.write(whole.substr(0, head_bytes + 1));
      released.wait();
      peer.write(whole.substr(head_bytes + 1));
    }
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  auto begun = start();
  auto silent = start();
  // The later call's limit ends after that of the earlier one would have.
  BOOST_TEST(code_of(silent.get()) == "first_token_timeout");
  BOOST_TEST(!begun.is_ready());
  go.set_value();
  BOOST_TEST(code_of(begun.get()) == "ok");
}

BOOST_AUTO_TEST_CASE(each_call_of_a_connection_has_its_limits_anew) {
  options.first_token_timeout = 300ms;
  options.read_idle_timeout = 300ms;
  raw_server server{[this](raw_peer& peer, int) {
    while (peer.read_request()) {
      think(50ms);
      peer.write(whole.substr(0, head_bytes + 1));
      think(50ms);
      peer.write(whole.substr(head_bytes + 1));
    }
  }};
  connect_to(server.base_url());
  for (auto i = 0; i < 4; ++i)
    BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_is_not_ended_by_the_limits_of_a_call) {
  options.first_token_timeout = 50ms;
  options.read_idle_timeout = 50ms;
  raw_server server{answer_with(whole)};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "ok");
  think(100ms);
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(what_has_arrived_counts_though_it_was_read_late) {
  options.read_idle_timeout = 50ms;
  options.io = std::make_shared<net::io_thread>();
  std::promise<void> begun;
  std::promise<void> busy;
  std::promise<void> answered;
  auto thread_is_busy = busy.get_future().share();
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    peer.write(whole.substr(0, head_bytes + 1));
    begun.set_value();
    thread_is_busy.wait();
    peer.write(whole.substr(head_bytes + 1));
    answered.set_value();
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  auto slow = start();
  begun.get_future().wait();
  // Another call, refused at once, whose `done` holds the thread up until the
  // limit has passed and the rest is there.
  core::prepared_call prepared;
  prepared.body = core::shared_text{std::string{"{}"}};
  auto rest = answered.get_future().share();
  provider->send(core::try_id{500}, prepared, 0ms, [&](core::outcome) {
    busy.set_value();
    rest.wait();
    think(100ms);
  });
  BOOST_TEST(code_of(slow.get()) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
