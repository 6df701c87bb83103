// What a scripted provider does, and what it writes into its own ledger.
#include "brigade/testkit/scripted_provider.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade;
using namespace std::chrono_literals;
using testkit::fail;
using testkit::reply;
using testkit::scripted_call;
using testkit::scripted_step;
using testkit::silence;

namespace {

constexpr std::uint64_t body_bytes = 400;

/// A provider whose model `m` takes 3 pico-dollars for a token of input, 1 for
/// a cached one and 5 for one of output; above 1000 tokens of input 10 times
/// as much.
struct counter {
  explicit counter(testkit::script steps)
      : provider(std::make_shared<testkit::scripted_provider>(
          virtual_system, std::move(steps))) {
    testkit::tariff prices;
    prices.lines = {{0, 3, 1, 5}, {1000, 30, 10, 50}};
    prices.overhead_tokens = 7;
    prices.reasoning_tokens_max = 11;
    provider->set_tariff("m", prices);
  }

  /// Sends a try; its answers are in `answers`.
  void send(std::uint64_t number, std::chrono::milliseconds limit = 1s) {
    core::prepared_call call{"m", core::call_role::worker,
                             core::shared_text{std::string(body_bytes, 'x')},
                             100, nullptr};
    provider->send(
        core::try_id{number}, call, limit,
        [this](core::outcome result) { answers.push_back(std::move(result)); });
  }

  const testkit::served_call& line(std::size_t i) const {
    return provider->served().at(i);
  }

  testkit::deterministic_system virtual_system;
  std::shared_ptr<testkit::scripted_provider> provider;
  std::vector<core::outcome> answers;
};

scripted_step with_usage(std::uint64_t input, std::uint64_t cached,
                         std::uint64_t output) {
  auto step = reply("fine");
  step.result.reply.usage = core::usage{input, cached, output};
  return step;
}

/// 400 bytes and 7 tokens of overhead; 100 tokens and 11 of reasoning.
constexpr std::int64_t most = 407 * 3 + 111 * 5;

} // namespace

BOOST_AUTO_TEST_CASE(a_reply_is_billed_by_the_providers_own_price_list) {
  counter c{[](const scripted_call& call) {
    return call.number == 1   ? with_usage(100, 40, 20)
           : call.number == 2 ? with_usage(1000, 0, 1)
                              : with_usage(1001, 1, 1);
  }};
  for (std::uint64_t i = 1; i <= 3; ++i)
    c.send(i);
  BOOST_TEST(c.line(0).billed.value == 60 * 3 + 40 * 1 + 20 * 5);
  // Both sides of the tier's bound.
  BOOST_TEST(c.line(1).billed.value == 1000 * 3 + 5);
  BOOST_TEST(c.line(2).billed.value == 1000 * 30 + 10 + 50);
  BOOST_TEST(c.provider->billed().value
             == 320 + (1000 * 3 + 5) + (1000 * 30 + 60));
  BOOST_TEST(static_cast<std::uint64_t>(c.line(2).call.id) == 3u);
  BOOST_TEST(c.line(0).ended_ms.value() == 0);
}

BOOST_AUTO_TEST_CASE(what_never_arrived_and_what_is_not_billed_costs_nothing) {
  using enum core::outcome_code;
  for (auto code :
       {connect_failed, connect_timeout, tls_failed, not_sent, rate_limited,
        bad_request, unauthorized, not_found, request_too_large}) {
    counter c{[code](const scripted_call&) { return fail(code); }};
    c.send(1);
    BOOST_TEST(c.line(0).billed.value == 0, to_string(code));
    BOOST_TEST((c.answers.at(0).code == code));
  }
}

BOOST_AUTO_TEST_CASE(what_it_worked_on_is_billed_as_the_most_it_can_have_been) {
  using enum core::outcome_code;
  for (auto code : {server_error, connection_lost, first_token_timeout,
                    idle_timeout, reply_too_large, reply_malformed}) {
    counter c{[code](const scripted_call&) { return fail(code); }};
    c.send(1);
    BOOST_TEST(c.line(0).billed.value == most, to_string(code));
  }
}

BOOST_AUTO_TEST_CASE(a_status_is_billed_as_the_price_list_says) {
  counter c{[](const scripted_call&) {
    return fail(core::outcome_code::server_error);
  }};
  testkit::tariff prices;
  prices.lines = {{0, 3, 1, 5}};
  prices.unbilled_statuses = {500};
  c.provider->set_tariff("m", prices);
  c.send(1);
  BOOST_TEST(c.line(0).billed.value == 0);
}

BOOST_AUTO_TEST_CASE(a_delayed_answer_comes_then_and_not_before) {
  counter c{[](const scripted_call&) { return reply("fine", 200ms); }};
  c.send(1);
  c.virtual_system.advance(199ms);
  BOOST_TEST(c.answers.empty());
  BOOST_TEST(!c.line(0).ended_ms);
  c.virtual_system.advance(1ms);
  BOOST_TEST(c.answers.size() == 1u);
  BOOST_TEST(*c.line(0).ended_ms == 200);
  BOOST_TEST(c.provider->open() == 0u);
}

BOOST_AUTO_TEST_CASE(silence_ends_with_the_time_limit_and_is_billed) {
  counter c{[](const scripted_call&) { return silence(); }};
  c.send(1, 300ms);
  c.virtual_system.advance(299ms);
  BOOST_TEST(c.answers.empty());
  c.virtual_system.advance(1ms);
  BOOST_TEST((c.answers.at(0).code == core::outcome_code::timed_out));
  BOOST_TEST(c.line(0).billed.value == most);
  BOOST_TEST(!c.line(0).cancelled);
}

BOOST_AUTO_TEST_CASE(a_cancelled_try_is_billed_and_leaves_no_timer) {
  counter c{[](const scripted_call&) { return reply("fine", 10s); }};
  c.send(1, 60s);
  c.virtual_system.advance(5s);
  c.provider->cancel(core::try_id{1});
  c.provider->cancel(core::try_id{1});
  BOOST_TEST((c.answers.at(0).code == core::outcome_code::cancelled));
  BOOST_TEST(c.answers.size() == 1u);
  BOOST_TEST(c.line(0).cancelled);
  BOOST_TEST(*c.line(0).ended_ms == 5000);
  BOOST_TEST(c.line(0).billed.value == most);
  BOOST_TEST(c.virtual_system.timers() == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_can_come_twice_and_too_late) {
  counter c{[](const scripted_call& call) {
    return call.number == 1 ? testkit::twice(reply("fine"))
                            : testkit::too_late(reply("late"), 50ms);
  }};
  c.send(1);
  BOOST_TEST(c.answers.size() == 2u);
  c.answers.clear();
  c.send(2);
  c.provider->cancel(core::try_id{2});
  BOOST_TEST(c.answers.size() == 1u);
  c.virtual_system.advance(50ms);
  BOOST_REQUIRE(c.answers.size() == 2u);
  BOOST_TEST(c.answers[1].reply.text.str() == "late");
  // It is billed once.
  BOOST_TEST(c.line(1).billed.value == most);
}

BOOST_AUTO_TEST_CASE(what_was_used_is_billed_whatever_is_told) {
  counter c{[](const scripted_call& call) {
    if (call.number == 1)
      return testkit::overlong("fine", 5000);
    auto step = reply("fine");
    step.usage_hidden = true;
    step.used = core::usage{10, 0, 1};
    return step;
  }};
  c.send(1);
  BOOST_TEST(c.answers.at(0).reply.usage->output_tokens == 5000u);
  BOOST_TEST(c.line(0).billed.value == 3 + 5000 * 5);
  c.send(2);
  BOOST_TEST(!c.answers.at(1).reply.usage);
  BOOST_TEST(c.line(1).billed.value == 35);
}

BOOST_AUTO_TEST_CASE(hooks_see_a_try_when_it_comes_and_when_it_ends) {
  counter c{[](const scripted_call&) { return reply("fine", 10ms); }};
  int came = 0, ended = 0;
  c.provider->on_arrival([&](const auto& line) {
    ++came;
    BOOST_TEST(!line.ended_ms);
  });
  c.provider->on_end([&](const auto& line) {
    ++ended;
    BOOST_TEST(line.ended_ms.value() == 10);
    BOOST_TEST(line.billed.value > 0);
  });
  c.send(1);
  BOOST_TEST(came == 1);
  BOOST_TEST(ended == 0);
  c.virtual_system.advance(10ms);
  BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_CASE(sums_above_the_range_of_money_stay_at_its_end) {
  testkit::tariff prices;
  prices.lines = {{0, 1'000'000, 0, 1'000'000}};
  const auto huge = std::uint64_t{1} << 60;
  BOOST_TEST((testkit::bill(prices, {huge, 0, huge}) == core::pico_usd::max()));
  BOOST_TEST((testkit::bill(prices, {3, 0, 4}) == core::pico_usd{7'000'000}));
  BOOST_TEST((testkit::bill({}, {huge, 0, huge}) == core::pico_usd{0}));
}
