// What the runs of one process share: its ceiling and its end.
#include "fixture.hpp"

#include "brigade/store/memory.hpp"

#include <caf/event_based_actor.hpp>

#include <algorithm>

using namespace brigade;
using namespace std::chrono_literals;
using test::healthy;
using test::order_for;
using test::small_crew;
using testkit::reply;
using testkit::scripted_call;
using testkit::silence;

namespace {

constexpr std::int64_t cents = core::pico_per_usd / 100;

/// A process with a ceiling, on a slow provider.
struct bounded_world {
  explicit bounded_world(std::int64_t ceiling_pico, testkit::script steps)
      : provider(std::make_shared<testkit::scripted_provider>(
          virtual_system, std::move(steps))) {
    actors::brigade_options options;
    options.providers["p"] = {provider, {}};
    options.ceiling.cost = {ceiling_pico};
    handle = virtual_system.brigade(std::move(options));
    idle = virtual_system.running();
  }

  std::shared_ptr<const testkit::pending_run> submit(std::uint8_t number) {
    auto crew = small_crew();
    crew.limits.cost = {10 * cents};
    return virtual_system.submit(handle, order_for(crew, number));
  }

  testkit::deterministic_system virtual_system;
  std::shared_ptr<testkit::scripted_provider> provider;
  actors::brigade_actor handle;
  std::size_t idle = 0;
};

testkit::script slow() {
  return [](const scripted_call& call) {
    auto step = healthy({"t1 a", "t2 b"})(call);
    step.delay = 100ms;
    return step;
  };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_run_waits_for_its_slice_of_the_process) {
  bounded_world w{19 * cents, slow()};
  const auto first = w.submit(1);
  const auto second = w.submit(2);
  w.virtual_system.settle();
  // Both do not fit at once: only one planner was asked.
  BOOST_TEST(w.provider->served().size() == 1u);
  w.virtual_system.advance(10s);
  BOOST_REQUIRE(first->report);
  BOOST_REQUIRE(second->report);
  BOOST_TEST((second->report->state.status == core::run_status::succeeded));
}

BOOST_AUTO_TEST_CASE(a_run_that_never_fits_is_refused_and_costs_nothing) {
  bounded_world w{9 * cents, slow()};
  const auto pending = w.submit(1);
  w.virtual_system.settle();
  BOOST_TEST(pending->error_text.find("ceiling") != std::string::npos);
  BOOST_TEST(w.provider->served().empty());
}

BOOST_AUTO_TEST_CASE(what_was_spent_is_gone_for_later_runs) {
  bounded_world w{10 * cents, slow()};
  const auto first = w.submit(1);
  w.virtual_system.advance(10s);
  BOOST_REQUIRE(first->report);
  BOOST_TEST(first->report->state.spent.value > 0);
  const auto second = w.submit(2);
  w.virtual_system.advance(10s);
  BOOST_TEST(!second->error_text.empty());
}

namespace {

struct shutdown_client {
  std::shared_ptr<std::optional<actors::stopped>> answer =
      std::make_shared<std::optional<actors::stopped>>();

  void ask(bounded_world& w, std::chrono::milliseconds grace) {
    w.virtual_system.system().spawn<caf::hidden>(
        [](caf::event_based_actor* self, actors::brigade_actor to,
           std::shared_ptr<std::optional<actors::stopped>> out,
           std::chrono::milliseconds limit) {
          self->request(to, std::chrono::minutes{5},
                        actors::shutdown{"shutdown", limit})
              .then([out](actors::stopped& s) { *out = s; },
                    [](const caf::error&) {});
        },
        w.handle, answer, grace);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_shutdown_suspends_every_run_and_ends_the_tree) {
  bounded_world w{1000 * cents, slow()};
  const auto first = w.submit(1);
  const auto second = w.submit(2);
  w.virtual_system.advance(50ms);
  shutdown_client client;
  client.ask(w, 10s);
  w.virtual_system.settle();
  BOOST_REQUIRE(client.answer->has_value());
  BOOST_TEST((*client.answer)->killed == 0u);
  for (const auto& run : {first, second}) {
    BOOST_REQUIRE(run->report);
    BOOST_TEST((run->report->state.status == core::run_status::suspended));
    BOOST_TEST(run->report->state.reason == "shutdown");
  }
  BOOST_TEST(w.provider->open() == 0u);
  w.virtual_system.settle();
  BOOST_TEST(w.virtual_system.running() == 0u);
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_at_a_shutdown_is_refused) {
  bounded_world w{19 * cents, slow()};
  w.submit(1);
  const auto waiting = w.submit(2);
  w.virtual_system.settle();
  shutdown_client client;
  client.ask(w, 10s);
  w.virtual_system.settle();
  BOOST_TEST(waiting->error_text.find("shutting down") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_is_accepted_once_however_often_it_is_ordered) {
  bounded_world w{19 * cents, slow()};
  const auto first = w.submit(1);
  const auto second = w.submit(2);
  // One goes, the other waits.
  for (auto number : {std::uint8_t{1}, std::uint8_t{2}}) {
    const auto again = w.submit(number);
    w.virtual_system.settle();
    BOOST_TEST(!again->error_text.empty());
  }
  w.virtual_system.run_until([&] { return first->ended() && second->ended(); });
  BOOST_TEST(first->report.has_value());
  BOOST_TEST(second->report.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_in_the_journal_is_not_run_again) {
  testkit::deterministic_system virtual_system;
  auto provider = std::make_shared<testkit::scripted_provider>(
      virtual_system, healthy({"t1 a"}));
  actors::brigade_options options;
  options.providers["p"] = {provider, {}};
  options.journal = std::make_shared<store::memory_journal>();
  auto handle = virtual_system.brigade(std::move(options));
  const auto first = virtual_system.run(handle, order_for(small_crew()));
  BOOST_TEST(first.report.has_value());
  const auto calls = provider->served().size();
  const auto again = virtual_system.run(handle, order_for(small_crew()));
  BOOST_TEST(again.error_text.find("journal") != std::string::npos,
             again.error_text);
  BOOST_TEST(provider->served().size() == calls);
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_can_be_cancelled_and_costs_nothing) {
  bounded_world w{19 * cents, slow()};
  const auto first = w.submit(1);
  const auto second = w.submit(2);
  const auto third = w.submit(3);
  w.virtual_system.settle();
  caf::anon_send(w.handle,
                 actors::stop_run{order_for(small_crew(), 2).id,
                                  core::stop_kind::cancel, "not needed"});
  w.virtual_system.settle();
  BOOST_TEST(second->error_text.find("before it began") != std::string::npos,
             second->error_text);
  w.virtual_system.run_until([&] { return first->ended() && third->ended(); });
  BOOST_TEST(first->report.has_value());
  BOOST_TEST(third->report.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_without_a_ceiling_leaves_room_for_others) {
  bounded_world w{core::pico_usd::max().value, slow()};
  std::vector<std::shared_ptr<const testkit::pending_run>> all;
  for (auto number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    auto order = order_for(small_crew(), number);
    order.ceiling = core::pico_usd::max();
    all.push_back(w.virtual_system.submit(w.handle, std::move(order)));
  }
  w.virtual_system.settle();
  // All at once.
  BOOST_TEST(w.provider->served().size() == 3u);
  auto negative = order_for(small_crew(), 4);
  negative.ceiling = core::pico_usd{-1};
  const auto refused = w.virtual_system.submit(w.handle, std::move(negative));
  w.virtual_system.run_until(
      [&] { return all[0]->ended() && all[1]->ended() && all[2]->ended(); });
  for (const auto& pending : all)
    BOOST_TEST(pending->report.has_value());
  BOOST_TEST(refused->error_text.find("negative") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(timers_do_not_multiply_while_runs_come_and_go) {
  // Each failing attempt asks for a wake before the one that is armed.
  bounded_world w{core::pico_usd::max().value, [](const scripted_call& call) {
                    if (call.role == core::call_role::worker
                        && call.number % 3 != 0)
                      return testkit::fail(core::outcome_code::rate_limited);
                    return healthy({"t1 a", "t2 b"})(call);
                  }};
  std::size_t most = 0;
  for (std::uint8_t number = 1; number <= 60; ++number) {
    const auto pending = w.submit(number);
    w.virtual_system.advance(700ms);
    most = std::max(most, w.virtual_system.timers());
  }
  // A tick, and the waits of the workers that live at the same time.
  BOOST_TEST(most < 30u, most);
}
