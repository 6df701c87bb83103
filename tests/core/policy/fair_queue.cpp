#include "brigade/core/policy/fair_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace brigade::core;

namespace {

using verdict = fair_queue::verdict;

std::vector<std::string> start_all(fair_queue& queue) {
  std::vector<std::string> started;
  while (auto run = queue.next())
    started.push_back(run->text);
  return started;
}

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(fair_queues)

BOOST_AUTO_TEST_CASE(a_flood_of_one_client_does_not_delay_another) {
  fair_queue queue{{2, 100}};
  const client_share share{2, 100};
  for (int i = 0; i < 10; ++i)
    queue.add("flood", share, run_id{"f" + std::to_string(i)});
  BOOST_TEST((start_all(queue) == names{"f0", "f1"}));
  queue.add("calm", share, run_id{"c0"});
  queue.remove(run_id{"f0"});
  // Ten wait before it, and yet it is next.
  BOOST_TEST((start_all(queue) == names{"c0"}));
  queue.remove(run_id{"f1"});
  BOOST_TEST((start_all(queue) == names{"f2"}));
}

BOOST_AUTO_TEST_CASE(clients_with_equal_loads_take_turns) {
  fair_queue queue{{1, 100}};
  for (int i = 0; i < 3; ++i)
    for (const std::string client : {"a", "b"})
      queue.add(client, {1, 10}, run_id{client + std::to_string(i)});
  names started;
  while (auto run = queue.next()) {
    started.push_back(run->text);
    queue.remove(*run);
  }
  BOOST_TEST((started == names{"a0", "b0", "a1", "b1", "a2", "b2"}));
}

BOOST_AUTO_TEST_CASE(clients_that_come_back_at_once_starve_nobody) {
  fair_queue queue{{1, 100}};
  const client_share share{1, 10};
  queue.add("a", share, run_id{"a0"});
  queue.add("a", share, run_id{"a1"});
  queue.add("b", share, run_id{"b0"});
  int number = 0;
  for (int i = 0; i < 3; ++i) {
    const auto run = queue.next();
    BOOST_REQUIRE(run.has_value());
    if (run->text == "a1")
      return;
    queue.remove(*run);
    // Whoever had a turn asks again before the next one.
    for (const std::string client : {"b", "c"})
      queue.add(client, share, run_id{client + std::to_string(++number)});
  }
  BOOST_ERROR("a1 has waited for longest and did not start");
}

BOOST_AUTO_TEST_CASE(what_is_too_much_is_refused_and_says_whose_fault_it_is) {
  fair_queue queue{{1, 2}};
  const client_share share{1, 1};
  BOOST_TEST((queue.check("a", share) == verdict::accepted));
  queue.add("a", share, run_id{"a0"});
  BOOST_TEST(queue.next()->text == "a0");
  queue.add("a", share, run_id{"a1"});
  BOOST_TEST((queue.check("a", share) == verdict::client_full));
  BOOST_TEST((queue.check("b", share) == verdict::accepted));
  queue.add("b", share, run_id{"b0"});
  BOOST_TEST((queue.check("c", share) == verdict::queue_full));
  BOOST_TEST(queue.waiting() == 2u);
  BOOST_TEST(queue.is_waiting(run_id{"b0"}));
  queue.remove(run_id{"b0"});
  BOOST_TEST(!queue.is_waiting(run_id{"b0"}));
  BOOST_TEST((queue.check("c", share) == verdict::accepted));
}

BOOST_AUTO_TEST_CASE(no_limit_is_exceeded_and_nothing_is_lost) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    fair_queue queue{{3, 8}};
    const client_share share{2, 4};
    std::map<std::string, std::string> running;
    std::size_t added = 0;
    std::size_t ended = 0;
    for (int step = 0; step < 300; ++step) {
      const std::string client(1, static_cast<char>('a' + random() % 4));
      if (random() % 2 == 0
          && queue.check(client, share) == verdict::accepted) {
        queue.add(client, share, run_id{client + std::to_string(added++)});
      } else if (!running.empty()) {
        queue.remove(run_id{running.begin()->first});
        running.erase(running.begin());
        ++ended;
      }
      while (auto run = queue.next())
        running.emplace(run->text, run->text.substr(0, 1));
      std::map<std::string, int> of_client;
      for (const auto& [run, whose] : running)
        BOOST_REQUIRE(++of_client[whose] <= 2);
      BOOST_REQUIRE(running.size() <= 3);
      BOOST_REQUIRE(queue.running() == running.size());
      BOOST_REQUIRE(queue.waiting() <= 8);
      BOOST_REQUIRE(queue.waiting() + running.size() + ended == added);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_ready_keeps_its_place_and_lets_others_pass) {
  fair_queue queue{{1, 2}};
  const client_share share{1, 2};
  queue.add("a", share, run_id{"a0"}, false);
  queue.add("a", share, run_id{"a1"});
  BOOST_TEST((queue.check("a", share) == verdict::client_full));
  BOOST_TEST((start_all(queue) == names{"a1"}));
  queue.remove(run_id{"a1"});
  BOOST_TEST(!queue.next().has_value());
  queue.make_ready(run_id{"a0"});
  BOOST_TEST((start_all(queue) == names{"a0"}));
}

BOOST_AUTO_TEST_CASE(unknown_runs_and_runs_that_come_twice_change_nothing) {
  fair_queue queue{{1, 1}};
  queue.remove(run_id{"x"});
  queue.add("a", {}, run_id{"r"});
  queue.add("a", {}, run_id{"r"});
  BOOST_TEST(queue.waiting() == 1u);
  queue.remove(run_id{"r"});
  queue.remove(run_id{"r"});
  BOOST_TEST(queue.waiting() == 0u);
  BOOST_TEST(!queue.next().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
