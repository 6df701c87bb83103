// The simulator: the same seed is the same world, and what is broken is found
// and shrunken.
#include "campaign.hpp"
#include "shrink.hpp"
#include "simulation.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace brigade;
using sim::simulate;
using sim::simulation_options;

BOOST_AUTO_TEST_CASE(the_same_seed_has_the_same_hash_twice_in_a_process) {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto hash = simulate(seed, {}).hash;
    BOOST_TEST(simulate(seed, {}).hash == hash, "seed " << seed);
    hashes.insert(hash);
  }
  BOOST_TEST(hashes.size() > 80u);
}

BOOST_AUTO_TEST_CASE(a_trace_changes_nothing) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    simulation_options traced;
    std::size_t lines = 0;
    traced.trace = [&lines](const std::string&) { ++lines; };
    BOOST_TEST(simulate(seed, traced).hash == simulate(seed, {}).hash,
               "seed " << seed);
    BOOST_TEST(lines > 0u);
  }
}

// Each of them once showed a broken rule.
BOOST_AUTO_TEST_CASE(seeds_that_once_failed_break_no_rule) {
  for (const std::uint64_t seed : {6'125, 11'017, 24'187, 25'271, 90'149})
    BOOST_TEST(simulate(seed, {}).violations.empty(), "seed " << seed);
}

BOOST_AUTO_TEST_CASE(seeds_reach_every_end_and_nearly_every_fault) {
  testkit::fault_set met;
  std::array<std::uint64_t, sim::end_count> ends{};
  for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
    const auto result = simulate(seed, {});
    met |= result.faults;
    for (std::size_t i = 0; i < sim::end_count; ++i)
      ends[i] += result.ends[i];
  }
  BOOST_TEST(met.count() >= testkit::fault_count - 2);
  // A run that is still going is none of the ends.
  for (std::size_t i = 1; i < sim::end_count; ++i)
    BOOST_TEST(ends[i] > 0u, "end " << i);
}

BOOST_AUTO_TEST_CASE(a_planted_violation_is_found_and_shrunken) {
  simulation_options options;
  // Breaks a rule that is nobody's where a reply came twice.
  options.planted = testkit::fault::duplicate_reply;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    auto result = simulate(seed, options);
    if (result.violations.empty() || result.faults.count() < 4)
      continue;
    BOOST_TEST(result.violations.front().rule == "planted");
    const auto least = sim::shrink(seed, options, std::move(result));
    BOOST_TEST(sim::names_of(least.faults) == "duplicate_reply",
               "seed " << seed);
    BOOST_TEST(!least.result.violations.empty());
    return;
  }
  BOOST_ERROR("no seed met the planted violation");
}

BOOST_AUTO_TEST_CASE(the_first_failing_seed_is_the_same_with_any_jobs) {
  sim::campaign_options options;
  options.last_seed = 300;
  options.simulation.planted = testkit::fault::duplicate_reply;
  const auto one = sim::run_campaign(options);
  options.jobs = 3;
  const auto three = sim::run_campaign(options);
  BOOST_REQUIRE(one.failed_seed);
  BOOST_TEST((one.failed_seed == three.failed_seed));
  BOOST_TEST(one.failure == three.failure);
}

BOOST_AUTO_TEST_CASE(jobs_together_give_the_hash_of_one) {
  sim::campaign_options options;
  options.last_seed = 100;
  options.hashes = true;
  // Whatever is wrong with the product, all seeds are to be done here.
  options.simulation.allowed.reset();
  const auto one = sim::run_campaign(options);
  options.jobs = 2;
  const auto two = sim::run_campaign(options);
  BOOST_TEST(one.seeds == 100u);
  BOOST_TEST(one.hash == two.hash);
  BOOST_TEST(one.hashes == two.hashes, boost::test_tools::per_element());
}
