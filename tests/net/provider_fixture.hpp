/// A provider under test and what became of its calls.
#pragma once

#include "brigade/net/openai_provider.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace brigade::net::test {

/// Must appear in nothing that a user can see.
inline constexpr std::string_view canary = "sk-canary-8c1f2e";

/// A call that was sent. `done` keeps what it needs alive.
class pending_call {
public:
  /// The outcome; fails the test when none comes.
  core::outcome get() {
    using namespace std::chrono_literals;
    if (outcome_.wait_for(20s) != std::future_status::ready) {
      BOOST_FAIL("no outcome");
      return {};
    }
    return outcome_.get();
  }

  bool is_ready() {
    return outcome_.wait_for(std::chrono::seconds{0})
           == std::future_status::ready;
  }

private:
  friend struct provider_fixture;
  std::future<core::outcome> outcome_;
};

struct provider_fixture {
  openai_provider_options options;
  std::shared_ptr<core::provider> provider;
  std::uint64_t next_id = 1;
  /// How often any `done` was called.
  std::shared_ptr<std::atomic<int>> dones =
      std::make_shared<std::atomic<int>>(0);

  provider_fixture() {
    options.name = "main";
    options.api_key = core::secret{std::string{canary}};
    core::model_spec model;
    model.alias = "fast";
    model.name = "gpt";
    options.models.push_back(model);
  }

  void connect_to(std::string base_url) {
    options.base_url = std::move(base_url);
    auto made = make_openai_provider(options);
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error()));
    provider = *made;
  }

  /// Sends one call; its id is `next_id - 1` afterwards.
  pending_call start(std::chrono::milliseconds limit = std::chrono::seconds{15},
                     std::string_view text = "hello") {
    core::model_request request;
    request.model = "fast";
    request.messages = {{core::speaker::user, std::string{text}}};
    request.output_tokens_max = 10;
    core::prepared_call prepared;
    prepared.model = "fast";
    prepared.body = core::shared_text{provider->encode(request)};
    auto promise = std::make_shared<std::promise<core::outcome>>();
    pending_call out;
    out.outcome_ = promise->get_future();
    provider->send(core::try_id{next_id++}, prepared, limit,
                   [promise, count = dones](core::outcome result) {
                     ++*count;
                     promise->set_value(std::move(result));
                   });
    return out;
  }

  core::outcome call(std::chrono::milliseconds limit = std::chrono::seconds{15},
                     std::string_view text = "hello") {
    auto result = start(limit, text).get();
    BOOST_TEST(result.message.find(canary) == std::string::npos);
    return result;
  }
};

/// The code's text, so that a failed check shows both sides.
inline std::string_view code_of(const core::outcome& result) {
  return core::to_string(result.code);
}

} // namespace brigade::net::test
