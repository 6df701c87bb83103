// The fixture itself: time, order, crashes, and actors that are left.
#include "brigade/testkit/deterministic.hpp"

#include <caf/event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

using namespace brigade;
using namespace std::chrono_literals;
using testkit::deterministic_system;

namespace {

// Without any argument CAF 0.17 binds a reference to nothing.
struct nothing {};

/// Lives until it is told to end.
caf::behavior idler(caf::event_based_actor*, nothing) {
  return {[](int) {}};
}

/// Does not end when it is told to.
caf::behavior stubborn(caf::event_based_actor* self, nothing) {
  self->set_exit_handler([](caf::exit_msg&) {});
  return {[](int) {}};
}

/// Notes its number and that of each message.
caf::behavior listener(caf::event_based_actor*, std::vector<int>* heard,
                       int number) {
  return {[heard, number](int said) { heard->push_back(100 * number + said); }};
}

std::vector<int> order_of(std::optional<std::uint64_t> seed) {
  std::vector<int> heard;
  deterministic_system virtual_system{seed};
  std::vector<caf::actor> all;
  for (int number = 1; number <= 3; ++number)
    all.push_back(virtual_system.system().spawn(listener, &heard, number));
  virtual_system.settle();
  for (int said = 1; said <= 3; ++said)
    for (const auto& one : all)
      caf::anon_send(one, said);
  virtual_system.settle();
  for (const auto& one : all)
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  return heard;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_actor_that_is_left_is_told_with_its_name) {
  std::string told;
  {
    deterministic_system virtual_system;
    virtual_system.on_leak([&told](const auto& text) { told = text; });
    // Held for ever, so that it is no leak of memory.
    static const auto* held = new caf::actor{
        virtual_system.system().spawn<caf::hidden>(stubborn, nothing{})};
    BOOST_TEST((*held != nullptr));
    virtual_system.settle();
    BOOST_TEST(virtual_system.alive().size() == 1u);
    BOOST_TEST(virtual_system.stop() == 1u);
  }
  BOOST_TEST(told.find("actors are left: ") == 0u);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_when_all_have_ended) {
  bool told = false;
  {
    deterministic_system virtual_system;
    virtual_system.on_leak([&told](const auto&) { told = true; });
    auto idle = virtual_system.system().spawn(idler, nothing{});
    virtual_system.settle();
    caf::anon_send_exit(idle, caf::exit_reason::user_shutdown);
    BOOST_TEST(virtual_system.stop() == 0u);
  }
  BOOST_TEST(!told);
}

BOOST_AUTO_TEST_CASE(an_actor_dies_by_its_name_and_its_age) {
  deterministic_system virtual_system;
  auto first = virtual_system.system().spawn(idler, nothing{});
  auto second = virtual_system.system().spawn(idler, nothing{});
  virtual_system.settle();
  const auto name = virtual_system.alive().at(0);
  BOOST_TEST(virtual_system.alive(name) == 2u);
  BOOST_TEST(!virtual_system.kill(name, 2));
  BOOST_TEST(!virtual_system.kill("nobody"));
  BOOST_TEST(virtual_system.kill(name, 1));
  virtual_system.settle();
  BOOST_TEST(virtual_system.alive(name) == 1u);
  BOOST_TEST(virtual_system.kill(name));
  BOOST_TEST(virtual_system.stop() == 0u);
}

BOOST_AUTO_TEST_CASE(the_same_seed_delivers_in_the_same_order) {
  const auto straight = order_of({});
  BOOST_TEST(straight.size() == 9u);
  BOOST_TEST(order_of(5) == order_of(5), boost::test_tools::per_element());
  bool differs = false;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    differs = differs || order_of(seed) != straight;
  BOOST_TEST(differs);
}

BOOST_AUTO_TEST_CASE(timers_of_the_test_fire_in_order_and_can_be_forgotten) {
  deterministic_system virtual_system;
  std::vector<int> fired;
  virtual_system.call_later(20ms, [&] { fired.push_back(2); });
  virtual_system.call_later(10ms, [&] {
    fired.push_back(1);
    BOOST_TEST(virtual_system.elapsed().count() == 10);
  });
  const auto never =
      virtual_system.call_later(15ms, [&] { fired.push_back(9); });
  virtual_system.forget(never);
  virtual_system.forget(never);
  BOOST_TEST(virtual_system.timers() == 2u);
  virtual_system.advance(19ms);
  BOOST_TEST(fired.size() == 1u);
  virtual_system.advance(1ms);
  BOOST_TEST(fired == (std::vector<int>{1, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(virtual_system.elapsed().count() == 20);
}

BOOST_AUTO_TEST_CASE(a_jump_goes_as_far_as_its_limit) {
  deterministic_system virtual_system;
  int fired = 0;
  virtual_system.call_later(10ms, [&] { ++fired; });
  BOOST_TEST(!virtual_system.fire_next(9ms));
  BOOST_TEST(fired == 0);
  BOOST_TEST(virtual_system.fire_next(10ms));
  BOOST_TEST(fired == 1);
  BOOST_TEST(!virtual_system.fire_next());
}

BOOST_AUTO_TEST_CASE(who_stood_still_finds_its_timers_overdue) {
  deterministic_system virtual_system;
  std::vector<std::int64_t> fired;
  for (auto time : {10ms, 20ms})
    virtual_system.call_later(
        time, [&] { fired.push_back(virtual_system.elapsed().count()); });
  virtual_system.stand_still(5s);
  BOOST_TEST(fired.empty());
  virtual_system.advance(0ms);
  BOOST_TEST(fired == (std::vector<std::int64_t>{5000, 5000}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hooks_see_each_message_and_can_repeat_it) {
  std::vector<int> heard;
  int seen = 0, after = 0;
  deterministic_system virtual_system;
  auto one = virtual_system.system().spawn(listener, &heard, 0);
  virtual_system.settle();
  virtual_system.before_delivery([&](const testkit::delivery& next) {
    if (const auto* said = next.get<int>(); said && next.is_ordinary()) {
      ++seen;
      if (*said == 1)
        next.follow_with(7);
      if (*said == 2)
        next.repeat();
    }
  });
  virtual_system.after_delivery([&] { ++after; });
  caf::anon_send(one, 1);
  virtual_system.settle();
  BOOST_TEST(heard == (std::vector<int>{1, 7}),
             boost::test_tools::per_element());
  BOOST_TEST(seen == 2);
  BOOST_TEST(after == 2);
  caf::anon_send(one, 2);
  virtual_system.step();
  virtual_system.before_delivery(nullptr);
  virtual_system.settle();
  BOOST_TEST(heard == (std::vector<int>{1, 7, 2, 2}),
             boost::test_tools::per_element());
  caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
}
