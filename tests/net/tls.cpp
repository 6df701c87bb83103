#include "provider_fixture.hpp"
#include "raw_server.hpp"
#include "test_pki.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::net::test;
using namespace std::chrono_literals;

namespace {

struct tls_fixture : provider_fixture {
  test_pki pki;
  std::atomic<int> requests = 0;

  /// Answers and counts requests that got through.
  raw_server::script counting() {
    return [this](raw_peer& peer, int) {
      while (peer.read_request()) {
        ++requests;
        peer.write(net::test::http_reply(200, chat_reply("hi")));
      }
    };
  }

  /// The server must be refused, and nothing be sent to it.
  void check_refused(SSL_CTX* ctx, std::string_view host,
                     std::string_view why) {
    raw_server server{counting(), ctx};
    connect_to(server.base_url("https", host));
    auto result = call();
    BOOST_TEST(code_of(result) == "tls_failed", result.message);
    BOOST_TEST(result.message.find(why) != std::string::npos, result.message);
    BOOST_TEST(requests == 0);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(net_tls, tls_fixture)

BOOST_AUTO_TEST_CASE(a_server_that_the_ca_file_vouches_for_is_reached) {
  auto ctx = pki.make_server("DNS:localhost,IP:127.0.0.1");
  options.ca_file = pki.ca_file();
  for (auto host : {"localhost", "127.0.0.1"}) {
    raw_server server{counting(), ctx.get()};
    connect_to(server.base_url("https", host));
    for (auto i = 0; i < 5; ++i) {
      auto result = call();
      BOOST_TEST(code_of(result) == "ok", result.message);
      BOOST_TEST(result.reply.text.str() == "hi");
    }
    BOOST_TEST(server.connections() == 1);
  }
  BOOST_TEST(requests == 10);
}

BOOST_AUTO_TEST_CASE(a_server_with_another_name_is_refused) {
  options.ca_file = pki.ca_file();
  auto other = pki.make_server("DNS:elsewhere.example,IP:127.0.0.2");
  check_refused(other.get(), "localhost", "ostname mismatch");
  check_refused(other.get(), "127.0.0.1", "IP address mismatch");
  auto name_only = pki.make_server("DNS:127.0.0.1");
  check_refused(name_only.get(), "127.0.0.1", "IP address mismatch");
}

BOOST_AUTO_TEST_CASE(a_server_that_nobody_vouches_for_is_refused) {
  auto ctx = pki.make_server("DNS:localhost");
  // The system's CAs do not know ours.
  check_refused(ctx.get(), "localhost", "certificate");
  test_pki stranger;
  options.ca_file = stranger.ca_file();
  check_refused(ctx.get(), "localhost", "certificate");
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
  options.ca_file = pki.ca_file();
  auto ctx = pki.make_server("DNS:localhost", -1);
  check_refused(ctx.get(), "localhost", "expired");
}

BOOST_AUTO_TEST_CASE(versions_before_tls_1_2_are_refused) {
  options.ca_file = pki.ca_file();
  auto ctx = pki.make_server("DNS:localhost");
  SSL_CTX_set_security_level(ctx.get(), 0);
  SSL_CTX_set_min_proto_version(ctx.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(ctx.get(), TLS1_1_VERSION);
  check_refused(ctx.get(), "localhost", "nothing was sent");
  SSL_CTX_set_max_proto_version(ctx.get(), TLS1_2_VERSION);
  raw_server server{counting(), ctx.get()};
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call()) == "ok");
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_read_is_named) {
  auto ctx = pki.make_server("DNS:localhost");
  options.ca_file = "/nowhere/ca.pem";
  check_refused(ctx.get(), "localhost", "/nowhere/ca.pem");
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_speak_tls_gets_no_key) {
  std::string seen;
  std::promise<void> over;
  raw_server server{[&](raw_peer& peer, int) {
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    seen = peer.read_request().value_or("");
    over.set_value();
  }};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call()) == "tls_failed");
  over.get_future().wait();
  BOOST_TEST(seen.find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_was_never_sent) {
  raw_server server{[&](raw_peer& peer, int) { peer.wait_for_end(); }};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call(50ms)) == "connect_timeout");
  options.connect_timeout = 50ms;
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call()) == "connect_timeout");
}

BOOST_AUTO_TEST_CASE(a_peer_that_hangs_up_in_the_handshake_may_be_tried_again) {
  raw_server server{[&](raw_peer& peer, int) { peer.close(); }};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call()) == "connect_failed");
}

BOOST_AUTO_TEST_CASE(large_bodies_pass_both_ways) {
  std::string big(2u << 20, 'x');
  auto ctx = pki.make_server("DNS:localhost");
  std::atomic<std::size_t> size = 0;
  raw_server server{[&](raw_peer& peer, int) {
                      while (auto request = peer.read_request()) {
                        size = request->size();
                        peer.write(net::test::http_reply(200, chat_reply(big)));
                      }
                    },
                    ctx.get()};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  for (auto i = 0; i < 2; ++i) {
    auto result = call(15s, big);
    BOOST_TEST(code_of(result) == "ok", result.message);
    BOOST_TEST(result.reply.text.str().size() == big.size());
    BOOST_TEST(size > big.size());
  }
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_length_needs_a_proper_end) {
  auto ctx = pki.make_server("DNS:localhost");
  raw_server server{[&](raw_peer& peer, int index) {
                      peer.read_request();
                      peer.write("HTTP/1.1 200 OK\r\n\r\n" + chat_reply("hi"));
                      // Without the alert that says so, the end may be an
                      // attacker's.
                      if (index == 1)
                        peer.interrupt();
                    },
                    ctx.get()};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(code_of(call()) == "connection_lost");
}

BOOST_AUTO_TEST_CASE(a_kept_tls_connection_that_was_closed_is_not_used) {
  auto ctx = pki.make_server("DNS:localhost");
  std::latch* closed = nullptr;
  raw_server server{[&](raw_peer& peer, int) {
                      peer.read_request();
                      peer.write(net::test::http_reply(200, chat_reply("hi")));
                      peer.close();
                      closed->count_down();
                    },
                    ctx.get()};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  for (auto i = 0; i < 5; ++i) {
    std::latch hung_up{1};
    closed = &hung_up;
    auto result = call();
    BOOST_TEST(code_of(result) == "ok", result.message);
    hung_up.wait();
  }
}

BOOST_AUTO_TEST_CASE(cancel_closes_a_tls_connection) {
  auto ctx = pki.make_server("DNS:localhost");
  std::promise<void> here;
  std::promise<bool> ended;
  raw_server server{[&](raw_peer& peer, int) {
                      peer.read_request();
                      here.set_value();
                      ended.set_value(peer.wait_for_end());
                    },
                    ctx.get()};
  options.ca_file = pki.ca_file();
  connect_to(server.base_url("https", "localhost"));
  auto pending = start();
  here.get_future().wait();
  provider->cancel(core::try_id{next_id - 1});
  BOOST_TEST(code_of(pending.get()) == "cancelled");
  ended.get_future().wait();
}

BOOST_AUTO_TEST_SUITE_END()
