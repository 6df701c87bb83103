// A crew through seeds of faults: what is found, named and shrunken.
#include "brigade/testkit/fault_test.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade;
using namespace std::chrono_literals;
using testkit::fault_test;

namespace {

testkit::scripted_step answer(const testkit::scripted_call& call) {
  if (call.role == core::call_role::planner)
    return testkit::reply(
        testkit::plan_text({"t1 extractor", "t2 extractor t1"}), 1s);
  return testkit::reply("A result.", 1s);
}

core::crew priced_crew() {
  auto crew = core::builtin_crew();
  core::price price;
  price.base.input = {1'000'000};
  price.base.output = {4'000'000};
  for (auto& model : crew.models)
    model.price = price;
  crew.limits.cost = {core::pico_per_usd};
  return crew;
}

/// Two subtasks by the built-in crew at a price.
fault_test small_test() {
  fault_test test;
  test.order.goal = "What do the documents say about costs?";
  test.order.crew = std::make_shared<const core::crew>(priced_crew());
  test.answers = answer;
  return test;
}

fault_test without_faults() {
  auto test = small_test();
  test.allowed.reset();
  return test;
}

bool succeeded(const testkit::seed_result& result) {
  return result.end.report
         && result.end.report->state.status == core::run_status::succeeded;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_seed_without_faults_is_a_run_that_succeeds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto result = testkit::run_seed(without_faults(), seed);
    BOOST_TEST(succeeded(result), "seed " << seed);
    BOOST_TEST(result.violations.empty(), "seed " << seed);
    BOOST_TEST(result.faults.none());
    BOOST_TEST(result.served.size() == 4u);
    BOOST_TEST(result.served.front().billed.value > 0);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_of_a_test_gives_the_same_result) {
  const auto test = small_test();
  std::size_t with_faults = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto first = testkit::run_seed(test, seed);
    const auto second = testkit::run_seed(test, seed);
    BOOST_TEST(first.hash == second.hash, "seed " << seed);
    BOOST_TEST(first.fault_text == second.fault_text, "seed " << seed);
    with_faults += first.faults.any() ? 1 : 0;
  }
  BOOST_TEST(with_faults > 10u);
}

BOOST_AUTO_TEST_CASE(a_trace_of_a_test_changes_nothing) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto traced = small_test();
    std::size_t lines = 0;
    traced.trace = [&lines](const std::string&) { ++lines; };
    BOOST_TEST(testkit::run_seed(traced, seed).hash
                   == testkit::run_seed(small_test(), seed).hash,
               "seed " << seed);
    BOOST_TEST(lines > 0u);
  }
}

BOOST_AUTO_TEST_CASE(an_expectation_fails_with_its_seed_and_least_faults) {
  auto test = small_test();
  // The retries of the crew do not help against this one.
  test.allowed.reset();
  test.allowed.set(static_cast<std::size_t>(testkit::fault::quota_exhausted));
  test.allowed.set(static_cast<std::size_t>(testkit::fault::slow_reply));
  test.allowed.set(static_cast<std::size_t>(testkit::fault::duplicate_reply));
  test.expect = [](const core::run_report& end) {
    return end.state.status == core::run_status::failed ? "no answer" : "";
  };
  const auto failed = testkit::first_failure(test, 1, 2'000);
  BOOST_TEST_REQUIRE(failed.has_value());
  BOOST_TEST(failed->needed.any());
  BOOST_TEST(failed->text.find("seed " + std::to_string(failed->seed)
                               + ": expect: no answer\nfaults: ")
             == 0u);
  // All seeds before it are well, and it takes each of the faults.
  if (failed->seed > 1)
    BOOST_TEST(!testkit::first_failure(test, 1, failed->seed - 1));
  for (std::size_t i = 0; i < testkit::fault_count; ++i) {
    if (!failed->needed[i])
      continue;
    auto less = test;
    less.allowed = failed->needed;
    less.allowed.reset(i);
    BOOST_TEST(testkit::run_seed(less, failed->seed).violations.empty());
  }
  // What it does not take is taken away.
  bool shrunken = false;
  for (auto seed = failed->seed; seed <= 2'000 && !shrunken; ++seed)
    if (const auto other = testkit::first_failure(test, seed, seed))
      shrunken =
          other->needed.count() < testkit::run_seed(test, seed).faults.count();
  BOOST_TEST(shrunken);
}

BOOST_AUTO_TEST_CASE(a_provider_that_bills_more_than_it_says_breaks_a_rule) {
  auto test = without_faults();
  test.answers = [](const testkit::scripted_call& call) {
    auto step = answer(call);
    if (call.task == "t2")
      step.used = core::usage{call.body.size(), 0, call.output_tokens_max};
    return step;
  };
  const auto failed = testkit::first_failure(test, 1, 1);
  BOOST_TEST_REQUIRE(failed.has_value());
  BOOST_TEST(failed->result.violations.front().rule == "M2");
  BOOST_TEST(failed->text.find("seed 1: M2: ") == 0u);
  BOOST_TEST(failed->text.find("needed: none") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_price_list_is_the_models_tier_by_tier) {
  core::model_spec model;
  model.overhead_tokens = 7;
  model.reasoning_tokens_max = 11;
  model.unbilled_statuses = {500};
  BOOST_TEST(testkit::tariff_of(model).lines.empty());
  core::price price;
  price.base.input = {3};
  price.base.output = {5};
  core::token_prices above;
  above.input = {30};
  above.cached_input = core::pico_usd{10};
  above.output = {50};
  price.tiers.push_back({1'000, above});
  model.price = price;
  const auto made = testkit::tariff_of(model);
  BOOST_TEST(made.overhead_tokens == 7u);
  BOOST_TEST(made.reasoning_tokens_max == 11u);
  BOOST_TEST(made.unbilled_statuses == model.unbilled_statuses);
  BOOST_TEST(testkit::bill(made, {1'000, 100, 1}).value == 3'000 + 5);
  BOOST_TEST(testkit::bill(made, {1'001, 1, 1}).value == 30'000 + 10 + 50);
}

BOOST_AUTO_TEST_CASE(crews_that_are_nested_are_scripted_too) {
  auto inner = priced_crew();
  inner.name = "inner";
  for (auto& model : inner.models) {
    model.alias = "inner";
    model.provider = "elsewhere";
  }
  inner.planner.model = inner.synthesizer.model = "inner";
  for (auto& worker : inner.workers)
    worker.model = "inner";
  auto outer = priced_crew();
  outer.limits.cost = {10 * core::pico_per_usd};
  outer.workers.front().nested =
      std::make_shared<const core::crew>(std::move(inner));
  outer.workers.front().model.clear();
  outer.workers.front().prompt.clear();
  auto test = without_faults();
  test.order.crew = std::make_shared<const core::crew>(std::move(outer));
  const auto result = testkit::run_seed(test, 1);
  BOOST_TEST(succeeded(result));
  BOOST_TEST(result.violations.empty());
  std::size_t nested = 0;
  for (const auto& line : result.served)
    nested += line.call.model == "inner" ? 1 : 0;
  BOOST_TEST(nested == 8u);
}
