#include "brigade/app/display.hpp"

#include "sample_run.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade;
using namespace brigade::app;

BOOST_AUTO_TEST_SUITE(display)

BOOST_AUTO_TEST_CASE(durations_change_their_unit_at_the_boundary) {
  BOOST_TEST(display_duration(-5) == "0.0s");
  BOOST_TEST(display_duration(99) == "0.0s");
  BOOST_TEST(display_duration(1250) == "1.2s");
  BOOST_TEST(display_duration(59'999) == "59.9s");
  BOOST_TEST(display_duration(60'000) == "1m00s");
  BOOST_TEST(display_duration(3'599'999) == "59m59s");
  BOOST_TEST(display_duration(3'600'000) == "1h00m");
}

BOOST_AUTO_TEST_CASE(counts_are_short) {
  BOOST_TEST(display_count(0) == "0");
  BOOST_TEST(display_count(999) == "999");
  BOOST_TEST(display_count(1000) == "1.0k");
  BOOST_TEST(display_count(999'999) == "999.9k");
  BOOST_TEST(display_count(1'000'000) == "1.0M");
}

BOOST_AUTO_TEST_CASE(money_is_rounded_up_and_a_ceiling_is_exact) {
  BOOST_TEST(display_cost({0}) == "$0.0000");
  BOOST_TEST(display_cost({1}) == "$0.0001");
  BOOST_TEST(display_ceiling({core::pico_per_usd / 2}) == "$0.50");
  BOOST_TEST(display_ceiling({core::pico_per_usd / 1000}) == "$0.001");
  BOOST_TEST(display_ceiling(core::pico_usd::max()) == "no ceiling");
}

BOOST_AUTO_TEST_CASE(depth_is_the_longest_chain_and_survives_cycles) {
  sample_run run;
  run.submitted().planned(6, 3);
  BOOST_TEST(plan_depth(*run.state.plan) == 3U);
  BOOST_TEST(plan_depth({}) == 0U);
  core::plan cycle;
  cycle.tasks.resize(2);
  cycle.tasks[0].id = "a";
  cycle.tasks[0].depends_on.push_back({"b", {}});
  cycle.tasks[1].id = "b";
  cycle.tasks[1].depends_on.push_back({"a", {}});
  plan_depth(cycle);
}

BOOST_AUTO_TEST_CASE(the_last_line_holds_all_totals) {
  sample_run run;
  run.submitted().planned(2).at(100).started("t1").call(1, "t1", "m");
  run.settled(1).succeeded("t1").at(1250);
  run.finished(core::run_status::succeeded, "", "answer");
  BOOST_TEST(done_line(run.report())
             == "done in 1.2s  subtasks 1/2  tokens 1.2k in 456 out  cost "
                "$0.0012 of $0.50  run 01J0000000000000000000TEST");
}

BOOST_AUTO_TEST_CASE(the_last_line_tells_every_status_apart) {
  using core::run_status;
  for (auto [status, word] :
       {std::pair{run_status::partial, "done with gaps in"},
        {run_status::failed, "failed in"},
        {run_status::cancelled, "cancelled in"},
        {run_status::suspended, "suspended in"}}) {
    core::run_report report;
    report.state.status = status;
    BOOST_TEST(done_line(report).starts_with(word));
  }
}

BOOST_AUTO_TEST_CASE(waived_guarantees_are_named_and_strict_ones_are_not) {
  core::run_guarantees given;
  given.journal = "sqlite";
  BOOST_TEST(guarantee_lines(given).empty());
  given.prices = "worst_case";
  BOOST_TEST(guarantee_lines(given).at(0)
             == "prices: worst case, the cost is an upper bound");
  given = {};
  given.estimate = "typical";
  given.overshoot_max = {core::pico_per_usd};
  auto lines = guarantee_lines(given);
  BOOST_TEST_REQUIRE(lines.size() == 2U);
  BOOST_TEST(lines[0].starts_with("estimate: typical"));
  BOOST_TEST(lines[0].find("$1") != std::string::npos);
  BOOST_TEST(lines[1]
             == "journal: memory, results do not survive this process");
}

BOOST_AUTO_TEST_SUITE_END()
