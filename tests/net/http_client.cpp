#include "provider_fixture.hpp"
#include "raw_server.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::net::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(net_http_client, provider_fixture)

BOOST_AUTO_TEST_CASE(a_call_is_posted_and_its_reply_comes_back) {
  std::promise<std::string> seen;
  raw_server server{[&](raw_peer& peer, int) {
    seen.set_value(peer.read_request().value_or(""));
    peer.write(
        net::test::http_reply(200, chat_reply("hi"), "X-Request-Id: r7\r\n"));
  }};
  connect_to(server.base_url());
  auto result = call();
  BOOST_TEST(code_of(result) == "ok");
  BOOST_TEST(result.reply.text.str() == "hi");
  BOOST_TEST((result.reply.usage == core::usage{3, 0, 2}));
  BOOST_TEST(result.request_id == "r7");
  auto request = seen.get_future().get();
  auto port = std::to_string(server.port());
  BOOST_TEST(request.find("POST /v1/chat/completions HTTP/1.1\r\nHost: "
                          "127.0.0.1:"
                          + port + "\r\n")
             == 0);
  BOOST_TEST(
      request.find("\r\nAuthorization: Bearer " + std::string{canary} + "\r\n")
      != std::string::npos);
  BOOST_TEST(request.find("\r\nContent-Type: application/json\r\n")
             != std::string::npos);
  BOOST_TEST(request.find("Accept-Encoding") == std::string::npos);
  BOOST_TEST(request.ends_with(R"("max_completion_tokens":10})"));
}

BOOST_AUTO_TEST_CASE(calls_one_after_another_share_a_connection) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  connect_to(server.base_url());
  for (auto i = 0; i < 20; ++i)
    BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_connection_closed_while_idle_is_not_used_again) {
  // The server hangs up after each answer without having said so.
  std::latch* closed = nullptr;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    peer.write(net::test::http_reply(200, chat_reply("hi")));
    peer.close();
    closed->count_down();
  }};
  connect_to(server.base_url());
  for (auto i = 0; i < 20; ++i) {
    std::latch hung_up{1};
    closed = &hung_up;
    BOOST_TEST(code_of(call()) == "ok");
    hung_up.wait();
  }
  BOOST_TEST(server.connections() == 20);
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_asked_for_end_an_idle_connection) {
  std::latch* written = nullptr;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    peer.write(net::test::http_reply(200, chat_reply("hi")));
    peer.write(net::test::http_reply(200, chat_reply("stale")));
    written->count_down();
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  for (auto i = 0; i < 3; ++i) {
    std::latch done{1};
    written = &done;
    BOOST_TEST(call().reply.text.str() == "hi");
    done.wait();
  }
  BOOST_TEST(server.connections() == 3);
}

BOOST_AUTO_TEST_CASE(a_reply_that_asks_to_close_closes) {
  std::promise<bool> ended;
  raw_server server{[&](raw_peer& peer, int index) {
    peer.read_request();
    peer.write(
        net::test::http_reply(200, chat_reply("hi"), "Connection: close\r\n"));
    if (index == 0)
      ended.set_value(peer.wait_for_end());
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(ended.get_future().get());
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_after_its_time) {
  std::promise<bool> ended;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    peer.write(net::test::http_reply(200, chat_reply("hi")));
    ended.set_value(peer.wait_for_end());
  }};
  options.pooled_idle_timeout = 30ms;
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(ended.get_future().get());
}

BOOST_AUTO_TEST_CASE(no_more_idle_connections_are_kept_than_allowed) {
  std::latch all_here{4};
  std::latch all_read{4};
  std::atomic<int> ended = 0;
  std::promise<void> three_ended;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    all_here.arrive_and_wait();
    peer.write(net::test::http_reply(200, chat_reply("hi")));
    if (peer.wait_for_end() && ++ended == 3)
      three_ended.set_value();
  }};
  options.idle_connections_max = 1;
  connect_to(server.base_url());
  std::vector<pending_call> calls;
  for (auto i = 0; i < 4; ++i)
    calls.push_back(start());
  for (auto& item : calls)
    BOOST_TEST(code_of(item.get()) == "ok");
  three_ended.get_future().wait();
  BOOST_TEST(ended == 3);
}

BOOST_AUTO_TEST_CASE(a_reply_may_come_byte_by_byte) {
  raw_server server{[](raw_peer& peer, int) {
    peer.read_request();
    for (auto byte : net::test::http_reply(200, chat_reply("hi")))
      peer.write({&byte, 1});
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  BOOST_TEST(call().reply.text.str() == "hi");
}

BOOST_AUTO_TEST_CASE(a_reply_may_come_in_chunks) {
  auto body = chat_reply("hi");
  char size[16];
  std::snprintf(size, sizeof(size), "%zx", body.size() - 1);
  auto reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"
               + body.substr(0, 1) + "\r\n" + size + "\r\n" + body.substr(1)
               + "\r\n0\r\n\r\n";
  raw_server server{answer_with(reply)};
  connect_to(server.base_url());
  BOOST_TEST(call().reply.text.str() == "hi");
  BOOST_TEST(call().reply.text.str() == "hi");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_reply_without_a_length_must_be_whole_json) {
  auto body = chat_reply("hi");
  raw_server server{[&](raw_peer& peer, int index) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    peer.write(index == 0 ? body : body.substr(0, body.size() - 1));
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call()) == "ok");
  BOOST_TEST(code_of(call()) == "reply_malformed");
}

BOOST_AUTO_TEST_CASE(a_large_request_and_a_large_reply_pass) {
  std::string big(3u << 20, 'x');
  std::promise<std::size_t> size;
  raw_server server{[&](raw_peer& peer, int) {
    size.set_value(peer.read_request().value_or("").size());
    peer.write(net::test::http_reply(200, chat_reply(big)));
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  auto result = call(15s, big);
  BOOST_TEST(code_of(result) == "ok");
  BOOST_TEST(result.reply.text.str().size() == big.size());
  BOOST_TEST(size.get_future().get() > big.size());
}

BOOST_AUTO_TEST_CASE(two_hundred_calls_at_once_each_get_their_own_reply) {
  // Nobody is answered before all are there.
  std::latch all_here{200};
  raw_server server{[&](raw_peer& peer, int) {
    while (auto request = peer.read_request()) {
      auto at = request->find("call-");
      auto name = request->substr(at, request->find('"', at) - at);
      all_here.arrive_and_wait();
      peer.write(net::test::http_reply(200, chat_reply(name)));
    }
  }};
  connect_to(server.base_url());
  std::vector<pending_call> calls;
  for (auto i = 0; i < 200; ++i)
    calls.push_back(start(15s, "call-" + std::to_string(i)));
  for (auto i = 0; i < 200; ++i) {
    auto result = calls[static_cast<std::size_t>(i)].get();
    BOOST_TEST(code_of(result) == "ok", result.message);
    BOOST_TEST(result.reply.text.str() == "call-" + std::to_string(i));
  }
  BOOST_TEST(server.connections() == 200);
  BOOST_TEST(*dones == 200);
}

BOOST_AUTO_TEST_CASE(threads_may_send_at_the_same_time) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  connect_to(server.base_url());
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  std::atomic<std::uint64_t> id = 1;
  for (auto t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      core::prepared_call prepared;
      prepared.body = core::shared_text{std::string{"{}"}};
      for (auto i = 0; i < 100; ++i) {
        std::promise<void> done;
        provider->send(core::try_id{id++}, prepared, 15s,
                       [&](core::outcome result) {
                         if (result.code == core::outcome_code::ok)
                           ++answered;
                         done.set_value();
                       });
        provider->cancel(core::try_id{1'000'000});
        done.get_future().wait();
      }
    });
  for (auto& thread : threads)
    thread.join();
  BOOST_TEST(answered == 400);
}

BOOST_AUTO_TEST_CASE(more_calls_than_connections_are_refused) {
  std::latch both_here{2};
  std::promise<void> go;
  auto released = go.get_future().share();
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    both_here.count_down();
    released.wait();
    peer.write(net::test::http_reply(200, chat_reply("hi")));
  }};
  options.connections_max = 2;
  connect_to(server.base_url());
  auto first = start();
  auto second = start();
  both_here.wait();
  auto third = call();
  BOOST_TEST(code_of(third) == "not_sent");
  BOOST_TEST(third.message.find("connections_max") != std::string::npos);
  go.set_value();
  BOOST_TEST(code_of(first.get()) == "ok");
  BOOST_TEST(code_of(second.get()) == "ok");
}

BOOST_AUTO_TEST_CASE(a_call_without_time_or_with_a_used_id_is_not_sent) {
  std::promise<void> here;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    here.set_value();
    peer.wait_for_end();
  }};
  connect_to(server.base_url());
  BOOST_TEST(code_of(call(0ms)) == "not_sent");
  BOOST_TEST(code_of(call(-5ms)) == "not_sent");
  auto first = start();
  here.get_future().wait();
  --next_id;
  BOOST_TEST(code_of(call()) == "not_sent");
  BOOST_TEST(!first.is_ready());
  provider.reset();
  BOOST_TEST(code_of(first.get()) == "cancelled");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(cancel_closes_the_connection_at_once) {
  std::promise<void> here;
  std::promise<bool> ended;
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    here.set_value();
    ended.set_value(peer.wait_for_end());
  }};
  connect_to(server.base_url());
  auto pending = start();
  here.get_future().wait();
  provider->cancel(core::try_id{next_id - 1});
  BOOST_TEST(code_of(pending.get()) == "cancelled");
  BOOST_TEST(ended.get_future().get());
  // Late and unknown ones are ignored.
  provider->cancel(core::try_id{next_id - 1});
  provider->cancel(core::try_id{999});
  provider.reset();
  BOOST_TEST(*dones == 1);
}

BOOST_AUTO_TEST_CASE(a_call_cancelled_before_it_left_was_not_sent) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  options.io = std::make_shared<net::io_thread>();
  connect_to(server.base_url());
  // The thread is busy with the first `done`, so the second call waits.
  std::promise<void> busy;
  std::promise<void> go;
  core::prepared_call prepared;
  prepared.body = core::shared_text{std::string{"{}"}};
  provider->send(core::try_id{500}, prepared, 15s, [&](core::outcome) {
    busy.set_value();
    go.get_future().wait();
  });
  busy.get_future().wait();
  auto pending = start();
  provider->cancel(core::try_id{next_id - 1});
  go.set_value();
  BOOST_TEST(code_of(pending.get()) == "not_sent");
}

BOOST_AUTO_TEST_CASE(the_destructor_ends_the_calls_in_flight) {
  std::latch all_here{20};
  std::latch all_ended{20};
  raw_server server{[&](raw_peer& peer, int) {
    peer.read_request();
    all_here.count_down();
    if (peer.wait_for_end())
      all_ended.count_down();
  }};
  connect_to(server.base_url());
  std::vector<pending_call> calls;
  for (auto i = 0; i < 20; ++i)
    calls.push_back(start());
  all_here.wait();
  provider.reset();
  // Nothing may be left to come once the destructor has returned.
  BOOST_TEST(*dones == 20);
  for (auto& item : calls)
    BOOST_TEST(code_of(item.get()) == "cancelled");
  all_ended.wait();
}

BOOST_AUTO_TEST_SUITE_END()
