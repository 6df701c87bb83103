// What a plan is expected to cost.

#include "brigade/core/plan/plan_estimate.hpp"

#include "brigade/core/plan/plan_cost.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace brigade::core;

namespace {

/// Workers `a`, `b` and, where it nests, `c`; the models of all may differ.
crew crew_with(std::vector<price> prices, bool nests = false) {
  crew c;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    model_spec model;
    model.alias = "m" + std::to_string(i);
    model.price = prices[i];
    c.models.push_back(model);
  }
  c.synthesizer.model = c.models.back().alias;
  for (const char* name : {"a", "b", "c"}) {
    worker_spec worker;
    worker.name = name;
    worker.model = c.models[c.workers.size() % c.models.size()].alias;
    worker.prompt = "You work.";
    c.workers.push_back(worker);
  }
  if (nests)
    c.workers.back().nested = std::make_shared<const crew>(builtin_crew());
  return c;
}

subtask task(std::string id, std::vector<std::string> after = {},
             std::string worker = "a") {
  subtask made;
  made.id = std::move(id);
  made.worker = std::move(worker);
  made.description = "Count all boats in the harbour today";
  for (auto& other : after)
    made.depends_on.push_back({std::move(other), std::nullopt});
  return made;
}

plan plan_of(std::vector<subtask> tasks) {
  plan p;
  p.analysis = "x";
  p.tasks = std::move(tasks);
  return p;
}

plan_estimate estimate(const crew& c, const plan& p,
                       const model_estimates& known = {},
                       pico_usd left = pico_usd::max()) {
  return estimate_plan(c, "Count boats", p, {}, known, left);
}

constexpr price flat{{{1'000'000}, {2'000'000}, {}}, {}};

} // namespace

BOOST_AUTO_TEST_SUITE(estimate_of_a_plan)

BOOST_AUTO_TEST_CASE(the_worst_case_is_what_the_plan_was_accepted_with) {
  const auto c = crew_with({flat, flat});
  const auto p = plan_of({task("t1"), task("t2", {"t1"}, "b")});
  const auto cost = cost_of_plan(c, "Count boats", p, {});
  const auto got = estimate(c, p);
  BOOST_TEST(got.worst.value
             == (cost.one_attempt_each.cost + cost.synthesis_share.cost).value);
  BOOST_TEST(got.low.value > 0);
  BOOST_TEST(got.low.value < got.expected.value);
  BOOST_TEST(got.expected.value < got.worst.value);
}

BOOST_AUTO_TEST_CASE(no_amount_is_above_what_is_left) {
  const auto c = crew_with({flat});
  const auto p = plan_of({task("t1")});
  const auto all = estimate(c, p);
  const auto some = estimate(c, p, {}, {all.expected.value + 1});
  BOOST_TEST(some.worst.value == all.expected.value + 1);
  BOOST_TEST(some.expected.value == all.expected.value);
  const auto less = estimate(c, p, {}, {all.low.value - 1});
  BOOST_TEST(less.worst.value == all.low.value - 1);
  BOOST_TEST(less.expected.value == less.worst.value);
  BOOST_TEST(less.low.value == less.worst.value);
  BOOST_TEST(estimate(c, p, {}, {-1}).worst.value == 0);
}

BOOST_AUTO_TEST_CASE(three_known_calls_of_a_model_say_what_it_takes) {
  const auto c = crew_with({flat});
  const auto p = plan_of({task("t1")});
  const auto all = estimate(c, p);
  model_estimates known;
  known["m0"].learn({1000}, {100});
  known["m0"].learn({1000}, {200});
  BOOST_TEST(estimate(c, p, known).expected.value == all.expected.value);
  known["m0"].learn({1000}, {400});
  // Half of each call, rounded up.
  const auto got = estimate(c, p, known).expected.value;
  BOOST_TEST(got >= all.worst.value / 2);
  BOOST_TEST(got <= all.worst.value / 2 + 2);
}

BOOST_AUTO_TEST_CASE(a_nested_run_may_cost_nothing_or_its_ceiling) {
  auto c = crew_with({flat}, true);
  c.synthesizer.kind = synthesizer_kind::merge;
  const auto got = estimate(c, plan_of({task("t1", {}, "c")}));
  BOOST_TEST(got.low.value == 0);
  BOOST_TEST(got.expected.value == builtin_crew().limits.cost.value);
  BOOST_TEST(got.worst.value == builtin_crew().limits.cost.value);
}

BOOST_AUTO_TEST_CASE(a_model_without_a_price_counts_as_nothing) {
  auto c = crew_with({flat});
  c.models.front().price.reset();
  const auto got = estimate(c, plan_of({task("t1")}));
  BOOST_TEST(got.worst.value == 0);
  BOOST_TEST(got.expected.value == 0);
}

BOOST_AUTO_TEST_CASE(low_expected_and_worst_rise_for_every_plan_and_price) {
  constexpr unsigned seed = 4'711;
  std::mt19937 random{seed};
  const auto up_to = [&random](std::int64_t most) {
    return static_cast<std::int64_t>(random()) % (most + 1);
  };
  const auto prices = [&] {
    return token_prices{{up_to(15'000'000)}, {up_to(75'000'000)}, {}};
  };
  for (int round = 0; round < 3'000; ++round) {
    std::vector<price> all;
    for (auto left = 1 + random() % 3; left-- > 0;) {
      price made{prices(), {}};
      // A longer input may be dearer or cheaper.
      if (random() % 2)
        made.tiers.push_back(
            {static_cast<std::uint64_t>(up_to(3'000)), prices()});
      all.push_back(made);
    }
    auto c = crew_with(std::move(all), random() % 4 == 0);
    for (auto& model : c.models) {
      model.output_tokens_max = 1 + static_cast<std::uint32_t>(up_to(300));
      if (random() % 2)
        model.reasoning_tokens_max = static_cast<std::uint32_t>(up_to(300));
    }
    c.limits.result_bytes_max = random() % 3'000;
    std::vector<subtask> tasks;
    for (auto count = 1 + random() % 9; tasks.size() < count;) {
      auto next = task("t" + std::to_string(tasks.size()), {},
                       std::string(1, static_cast<char>('a' + random() % 3)));
      for (const auto& other : tasks)
        if (random() % 4 == 0)
          next.depends_on.push_back({other.id, std::nullopt});
      tasks.push_back(std::move(next));
    }
    model_estimates known;
    for (auto count = random() % 5; count > 0; --count)
      known["m0"].learn({up_to(1'000)}, {up_to(1'200)});
    const auto left = random() % 2 ? pico_usd::max() : pico_usd{up_to(1) << 40};
    const auto got = estimate(c, plan_of(std::move(tasks)), known, left);
    BOOST_TEST_REQUIRE(got.low.value >= 0, "round " << round);
    BOOST_TEST_REQUIRE(got.low.value <= got.expected.value, "round " << round);
    BOOST_TEST_REQUIRE(got.expected.value <= got.worst.value,
                       "round " << round);
    BOOST_TEST_REQUIRE(got.worst.value <= left.value, "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(the_critical_path_is_the_longest_chain_first_in_the_plan) {
  using ids = std::vector<std::string>;
  BOOST_TEST((longest_chain(plan_of({})) == ids{}));
  BOOST_TEST((longest_chain(plan_of({task("t1"), task("t2")})) == ids{"t1"}));
  BOOST_TEST((longest_chain(plan_of({task("a"), task("b"), task("c", {"b"}),
                                     task("d", {"c", "a"}), task("e", {"a"})}))
              == ids{"b", "c", "d"}));
  // Of two chains of one length the earlier one.
  BOOST_TEST((longest_chain(plan_of(
                  {task("a"), task("b"), task("d", {"b"}), task("c", {"a"})}))
              == ids{"b", "d"}));
  BOOST_TEST(
      (longest_chain(plan_of({task("a"), task("b"), task("c", {"b", "a"})}))
       == ids{"a", "c"}));
}

BOOST_AUTO_TEST_SUITE_END()
