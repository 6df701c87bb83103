// The daemon is killed under load, and nothing is lost or paid twice.
#include "../crash/audit.hpp"
#include "daemon_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <map>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::serve_test;

namespace {

constexpr int runs = 200;

std::string goal_of(int number) {
  return "Compare the ferries, order " + std::to_string(1000 + number);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(kills, daemon_fixture)

BOOST_AUTO_TEST_CASE(two_hundred_runs_survive_kill_9_and_pay_nothing_twice) {
  const auto file = crew("run_deadline_s = 3000");
  std::map<std::string, std::string> goals;
  std::map<std::string, std::size_t> in_flight;
  const auto count_in_flight = [&] {
    for (const auto& [run, goal] : goals)
      in_flight[run] += crash::calls_in_flight(log_of(run));
  };
  {
    auto first = start(file);
    BOOST_REQUIRE(first.port() != 0);
    for (int i = 0; i < runs; ++i) {
      const auto run = make_run(first.port(), goal_body(goal_of(i)));
      BOOST_REQUIRE(!run.empty());
      goals.emplace(run, goal_of(i));
    }
    wait_for_requests(100);
    first.send_signal(SIGKILL);
    first.end();
  }
  BOOST_REQUIRE_EQUAL(goals.size(), static_cast<std::size_t>(runs));
  count_in_flight();
  {
    auto second = start(file);
    BOOST_REQUIRE(second.port() != 0);
    wait_for_requests(server.requests() + 300);
    second.send_signal(SIGKILL);
    second.end();
  }
  count_in_flight();
  auto last = start(file);
  BOOST_REQUIRE(last.port() != 0);
  for (const auto& [run, goal] : goals) {
    // What has ended ends its stream.
    BOOST_TEST(all_events(last.port(), run).status == 200);
    BOOST_TEST(shown(last.port(), run, "status") == "succeeded");
  }
  last.send_signal(SIGTERM);
  BOOST_TEST(last.end() == 0);
  std::map<std::string, std::vector<crash::receipt>> books;
  for (auto& receipt : server.receipts())
    for (const auto& [run, goal] : goals)
      if (receipt.body.find(goal) != std::string::npos)
        books[run].push_back(receipt);
  std::size_t in_doubt = 0;
  for (const auto& [run, goal] : goals) {
    const auto log = log_of(run);
    BOOST_TEST(!crash::answer_of(log).empty());
    for (const auto& what : crash::audit(log, books[run], in_flight[run]))
      BOOST_ERROR(run + ": " + what);
    in_doubt += in_flight[run];
  }
  // The kills found what they were meant to find.
  BOOST_TEST(in_doubt > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
