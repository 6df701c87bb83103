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

namespace {

/// A port of this machine that refuses connections for as long as this lives:
/// bound, not listening.
class closed_port {
public:
  closed_port() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), length);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }

  ~closed_port() { ::close(fd_); }

  std::string url(std::string_view host) const {
    return "http://" + std::string{host} + ":" + std::to_string(port_);
  }

private:
  int fd_;
  std::uint16_t port_ = 0;
};

bool has(const core::outcome& result, std::string_view part) {
  BOOST_TEST_INFO_SCOPE(result.message);
  return result.message.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(net_http_client_faults, provider_fixture)

BOOST_AUTO_TEST_CASE(a_refused_connection_was_never_sent) {
  closed_port nobody;
  for (auto host : {"127.0.0.1", "localhost"}) {
    connect_to(nobody.url(host));
    auto result = call();
    BOOST_TEST(code_of(result) == "connect_failed");
    BOOST_TEST(has(result, "refused"));
    BOOST_TEST(has(result, "check base_url"));
  }
}

BOOST_AUTO_TEST_CASE(localhost_is_resolved_and_reached) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  connect_to(server.base_url("http", "localhost"));
  auto first = start();
  auto second = start();
  BOOST_TEST(code_of(first.get()) == "ok");
  BOOST_TEST(code_of(second.get()) == "ok");
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_was_never_sent) {
  // RFC 6761: `.invalid` never resolves.
  connect_to("https://nobody.invalid/v1");
  auto result = call();
  BOOST_TEST(code_of(result) == "connect_failed");
  BOOST_TEST(has(result, "nobody.invalid"));
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_given_up_at_the_limit) {
  std::promise<bool> ended;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    ended.set_value(peer.wait_for_end());
  }};
  connect_to(server.base_url());
  auto before = std::chrono::steady_clock::now();
  auto result = call(50ms);
  auto took = std::chrono::steady_clock::now() - before;
  BOOST_TEST(code_of(result) == "timed_out");
  BOOST_TEST(has(result, "50 ms"));
  BOOST_TEST((took >= 50ms));
  BOOST_TEST((took < 5s));
  BOOST_TEST(ended.get_future().get());
}

BOOST_AUTO_TEST_CASE(a_trickle_of_header_bytes_does_not_extend_the_limit) {
  raw_server server{[](raw_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    // Until the client hangs up.
    while (peer.write("X: y\r\n"))
      std::this_thread::yield();
  }};
  options.reply_header_bytes_max = 1u << 30;
  connect_to(server.base_url());
  BOOST_TEST(code_of(call(50ms)) == "timed_out");
}

BOOST_AUTO_TEST_CASE(each_call_has_its_own_limit) {
  raw_server server{[](raw_peer& peer, int) {
    peer.read_request();
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  auto slow = start(15s);
  auto fast = start(40ms);
  auto middle = start(80ms);
  BOOST_TEST(code_of(fast.get()) == "timed_out");
  BOOST_TEST(code_of(middle.get()) == "timed_out");
  BOOST_TEST(!slow.is_ready());
}

BOOST_AUTO_TEST_CASE(a_reset_before_the_answer_is_a_lost_connection) {
  raw_server server{[](raw_peer& peer, int) {
    peer.read_request();
    peer.reset();
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "connection_lost");
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_breaks_is_lost_and_not_resent) {
  std::atomic<int> requests = 0;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    ++requests;
    peer.write(net::test::http_reply(200, chat_reply("hi")));
    if (peer.read_request()) {
      ++requests;
      peer.close();
    }
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(code_of(call()) == "connection_lost");
  BOOST_TEST(requests == 2);
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_any_byte_is_never_ok) {
  auto whole = net::test::http_reply(200, chat_reply("hi"));
  raw_server server{[&](raw_peer& peer, int index) {
    peer.read_request();
    peer.write(whole.substr(0, static_cast<std::size_t>(index)));
    if (index % 2 == 0)
      peer.reset();
  }};
  connect_to(server.base_url());
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    BOOST_TEST(code_of(call()) == "connection_lost", cut);
}

BOOST_AUTO_TEST_CASE(a_web_page_is_malformed_and_said_to_be_one) {
  raw_server server{answer_with(
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n"
      "<html></html>")};
  connect_to(server.base_url());
  auto result = call();
  BOOST_TEST(code_of(result) == "reply_malformed");
  BOOST_TEST(has(result, "a web page"));
  BOOST_TEST(result.http_status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_malformed) {
  raw_server server{answer_with("SSH-2.0-OpenSSH_9.2\r\n\r\n")};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "reply_malformed");
}

BOOST_AUTO_TEST_CASE(a_reply_over_its_limit_is_cut_off) {
  for (auto announced : {true, false}) {
    std::promise<bool> ended;
    raw_server server{[&](raw_peer& peer, int) {
      peer.read_request();
      std::string big(10u << 20, 'x');
      if (announced)
        peer.write(net::test::http_reply(200, big));
      else
        peer.write("HTTP/1.1 200 OK\r\n\r\n" + big);
      ended.set_value(peer.wait_for_end());
    }};
    connect_to(server.base_url());
    auto result = call();
    BOOST_TEST(code_of(result) == "reply_too_large");
    BOOST_TEST(has(result, "8388608 bytes"));
    ended.get_future().wait();
  }
}

BOOST_AUTO_TEST_CASE(a_header_over_its_limit_is_cut_off) {
  raw_server server{[](raw_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nX: " + std::string(64u << 10, 'x'));
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "reply_too_large");
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
  raw_server elsewhere{
      answer_with(net::test::http_reply(200, chat_reply("stolen")))};
  raw_server server{answer_with(net::test::http_reply(
      307, "", "Location: " + elsewhere.base_url() + "\r\n"))};
  connect_to(server.base_url());
  auto result = call();
  BOOST_TEST(code_of(result) == "bad_request");
  BOOST_TEST(has(result, "redirects are not followed"));
  BOOST_TEST(elsewhere.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_keeps_the_connection_and_its_hints) {
  raw_server server{answer_with(net::test::http_reply(
      429, R"({"error":{"message":"slow down","code":"rate_limit_exceeded"}})",
      "Retry-After: 2\r\n"))};
  connect_to(server.base_url());
  for (auto i = 0; i < 3; ++i) {
    auto result = call();
    BOOST_TEST(code_of(result) == "rate_limited");
    BOOST_TEST(result.retry_after_ms.value() == 2000);
  }
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_whole_request_is_taken_is_heard) {
  raw_server server{[](raw_peer& peer, int) {
    // Answers without reading, as a proxy does that refuses a large body.
    peer.write(net::test::http_reply(413, "{}", "Connection: close\r\n"));
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  auto result = call(15s, std::string(6u << 20, 'x'));
  BOOST_TEST(code_of(result) == "request_too_large");
}

BOOST_AUTO_TEST_CASE(a_server_that_echoes_the_key_does_not_get_it_shown) {
  std::string key{canary};
  raw_server server{[&](raw_peer& peer, int index) {
    while (auto request = peer.read_request()) {
      switch (index) {
      case 0:
        peer.write(net::test::http_reply(
            401, R"({"error":{"message":"bad key )" + key + "\"}}",
            "X-Request-Id: " + key + "\r\nConnection: close\r\n"));
        return;
      case 1:
        peer.write(
            net::test::http_reply(500, *request, "Connection: close\r\n"));
        return;
      case 2:
        peer.write(
            net::test::http_reply(200, *request, "Connection: close\r\n"));
        return;
      default:
        peer.write(net::test::http_reply(200, chat_reply(key),
                                         "Connection: close\r\n"));
        return;
      }
    }
  }};
  connect_to(server.base_url());
  for (auto i = 0; i < 4; ++i) {
    auto result = call();
    for (const auto& text :
         {result.message, result.request_id, result.reply.text.str()})
      BOOST_TEST(text.find(canary) == std::string::npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
