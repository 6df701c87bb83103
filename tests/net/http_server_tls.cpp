#include "hostile_requests.hpp"
#include "server_fixture.hpp"
#include "test_pki.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <tuple>

using namespace brigade::net;
using namespace brigade::net::test;
using namespace std::chrono_literals;

namespace {

struct fixture : server_fixture {
  fixture() : files(pki.make_server_files("DNS:localhost,IP:127.0.0.1")) {
    options.tls_certificate_file = files.certificate_file();
    options.tls_key_file = files.key_file();
    client_context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_load_verify_file(client_context.get(), pki.ca_file().c_str());
    SSL_CTX_set_verify(client_context.get(), SSL_VERIFY_PEER, nullptr);
  }

  raw_client connect_tls() {
    return raw_client{server->port(), client_context.get()};
  }

  test_pki pki;
  server_files files;
  server_context client_context;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server_tls, fixture)

BOOST_AUTO_TEST_CASE(requests_are_served) {
  start();
  auto client = connect_tls();
  for (auto i = 0; i < 3; ++i) {
    client.send(get("/a"));
    BOOST_TEST(body_of(client.read_answer()) == "GET /a ");
  }
  client.send(get("/1") + get("/2"));
  BOOST_TEST(body_of(client.read_answer()) == "GET /1 ");
  BOOST_TEST(body_of(client.read_answer()) == "GET /2 ");
}

BOOST_AUTO_TEST_CASE(large_bodies_pass_both_ways) {
  admission = [](const http_request&) -> http_verdict {
    return std::size_t{4u << 20};
  };
  start();
  const std::string body(2u << 20, 'x');
  auto client = connect_tls();
  for (auto i = 0; i < 2; ++i) {
    client.send(
        post("Content-Length: " + std::to_string(body.size()) + "\r\n", body));
    BOOST_TEST((body_of(client.read_answer()) == "POST /x " + body));
  }
}

BOOST_AUTO_TEST_CASE(a_stream_is_written_and_its_client_missed) {
  mailbox<exchange_ptr> waiting;
  mailbox<std::string> told;
  handler = [&](exchange_ptr exchange) { waiting.put(std::move(exchange)); };
  start();
  {
    auto client = connect_tls();
    client.send(get("/"));
    auto exchange = waiting.take().value();
    exchange->on_gone([&] { told.put("gone"); });
    exchange->start_stream({});
    exchange->write(std::make_shared<std::string>("hello"));
    BOOST_TEST(client.read_until("hello").ends_with("hello"));
    client.reset();
    BOOST_TEST(told.take().value() == "gone");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_until_the_end_has_a_proper_end) {
  handler = [](const exchange_ptr& exchange) {
    exchange->start_stream({});
    exchange->write(std::make_shared<std::string>("hello"));
    exchange->finish();
  };
  start();
  auto client = connect_tls();
  client.send("GET / HTTP/1.0\r\n\r\n");
  BOOST_TEST(body_of(client.read_all()) == "hello");
  BOOST_TEST(client.was_told_the_end());
}

BOOST_AUTO_TEST_CASE(hostile_requests_are_refused) {
  start();
  for (const auto& item : hostile_lengths()) {
    auto client = connect_tls();
    client.send(item.text + hidden_request);
    BOOST_TEST(status_of(client.read_all()) == item.status, item.name);
  }
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_tls_is_closed) {
  start();
  BOOST_TEST(status_of(talk(get("/"))) == 0);
  SSL_CTX_set_max_proto_version(client_context.get(), TLS1_1_VERSION);
  auto old = connect_tls();
  BOOST_TEST(!old.send(get("/")));
  BOOST_TEST(handled.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_handshake_has_the_time_of_a_head) {
  options.header_timeout = 50ms;
  start();
  auto client = connect();
  BOOST_TEST(client.is_ended());
  BOOST_TEST(talk("\x16\x03\x01").empty());
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_are_errors) {
  auto other = pki.make_server_files("DNS:localhost");
  for (auto [certificate, key, part] :
       {std::tuple{files.certificate_file(), other.key_file(), "TLS key"},
        std::tuple{files.key_file(), files.key_file(), "TLS certificate"},
        std::tuple{files.certificate_file(), std::string{}, "needs both"},
        std::tuple{std::string{"nowhere.pem"}, files.key_file(),
                   "TLS certificate nowhere.pem"}}) {
    options.tls_certificate_file = certificate;
    options.tls_key_file = key;
    auto started = http_server::start(io, options, admission, handler);
    BOOST_TEST_REQUIRE(!started);
    BOOST_TEST(started.error().find(part) != std::string::npos,
               started.error());
  }
}

BOOST_AUTO_TEST_SUITE_END()
