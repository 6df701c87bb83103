#include "provider_fixture.hpp"
#include "raw_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>

using namespace brigade;
using namespace brigade::net::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(provider_lifetime, provider_fixture)

BOOST_AUTO_TEST_CASE(the_last_done_may_destroy_the_provider) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  for (auto own_thread : {true, false}) {
    options.io = own_thread ? nullptr : std::make_shared<net::io_thread>();
    connect_to(server.base_url());
    core::prepared_call prepared;
    prepared.body = core::shared_text{std::string{"{}"}};
    std::promise<void> destroyed;
    std::latch all_sent{1};
    std::atomic<int> count = 0;
    auto* raw = provider.get();
    // Ten at once: whichever ends first takes the others with it.
    auto held =
        std::make_shared<std::shared_ptr<core::provider>>(std::move(provider));
    for (std::uint64_t id = 1; id <= 10; ++id)
      raw->send(core::try_id{id}, prepared, 15s, [&, held](core::outcome) {
        // The first answer may be here before the last call was sent.
        all_sent.wait();
        ++count;
        if (auto last = std::move(*held)) {
          last.reset();
          BOOST_TEST(count == 10);
          destroyed.set_value();
        }
      });
    all_sent.count_down();
    destroyed.get_future().wait();
    options.io.reset();
  }
}

BOOST_AUTO_TEST_CASE(done_may_send_the_next_call) {
  raw_server server{answer_with(net::test::http_reply(200, chat_reply("hi")))};
  connect_to(server.base_url());
  core::prepared_call prepared;
  prepared.body = core::shared_text{std::string{"{}"}};
  std::promise<void> finished;
  std::uint64_t count = 0;
  std::function<void(core::outcome)> next = [&](core::outcome result) {
    BOOST_TEST(code_of(result) == "ok");
    if (++count == 50)
      finished.set_value();
    else
      provider->send(core::try_id{count + 1}, prepared, 15s, next);
  };
  provider->send(core::try_id{1}, prepared, 15s, next);
  finished.get_future().wait();
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
