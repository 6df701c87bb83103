#include "brigade/core/run/replay.hpp"

#include "brigade/core/crew/crew_json.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace brigade::core;

namespace {

model_spec model(const char* alias, const char* provider, const char* name) {
  model_spec x;
  x.alias = alias;
  x.provider = provider;
  x.name = name;
  return x;
}

crew outer_crew() {
  crew inner;
  inner.name = "inner";
  inner.limits.attempt_timeout_ms = 5;
  inner.models = {model("fast", "p", "another"), model("deep", "q", "deep")};
  crew c;
  c.name = "outer";
  c.limits.backoff_base_ms = 500;
  c.limits.run_deadline_ms = 7;
  c.models = {model("fast", "p", "fast"), model("slow", "p", "slow")};
  auto& worker = c.workers.emplace_back();
  worker.attempt_timeout_ms = 3;
  worker.prompt = "Work.";
  worker.nested = std::make_shared<const crew>(inner);
  return c;
}

run_export finished_run() {
  run_export run;
  run.id = make_run_id(1'700'000'000'000, {1});
  run.source.crew = crew_to_json(outer_crew());
  run.source.plan_text = "{}";
  events::run_submitted submitted;
  submitted.goal = "Why?";
  submitted.ceiling = {42};
  submitted.calls_max = 9;
  events::run_finished finished;
  finished.status = run_status::succeeded;
  finished.answer = shared_text{"Because."};
  run.events = {{1, 0, 0, submitted}, {2, 0, 0, finished}};
  return run;
}

replay prepared(const run_export& run) {
  auto result = prepare_replay(run);
  BOOST_REQUIRE(std::holds_alternative<replay>(result));
  return std::get<replay>(std::move(result));
}

using lines = std::vector<std::string>;

void check(const lines& got, const lines& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(replays)

BOOST_AUTO_TEST_CASE(the_order_is_the_recorded_one_without_waits) {
  const auto what = prepared(finished_run());
  BOOST_TEST(what.order.goal == "Why?");
  BOOST_TEST((what.order.ceiling == pico_usd{42}));
  BOOST_TEST((what.order.plan_text == "{}"));
  BOOST_TEST(what.order.inputs->empty());
  const auto& c = *what.order.crew;
  BOOST_TEST((c.limits.calls_max == 9U));
  BOOST_TEST(c.limits.run_deadline_ms == replay_time_max_ms);
  BOOST_TEST(c.limits.backoff_base_ms == 1);
  BOOST_TEST(!c.workers[0].attempt_timeout_ms.has_value());
  BOOST_TEST(c.workers[0].prompt == "Work.");
  BOOST_TEST(c.workers[0].nested->limits.attempt_timeout_ms
             == replay_time_max_ms);
}

BOOST_AUTO_TEST_CASE(differences_are_told_one_by_one) {
  const auto recorded = prepared(finished_run()).recorded;
  check(replay_differences(recorded, recorded), {});
  auto other = recorded;
  other.answer = shared_text{"Because!!"};
  check(replay_differences(recorded, other),
        {"answer: differs from byte 7 on (recorded 8 bytes, now 9)"});
  other = recorded;
  other.status = run_status::failed;
  other.reason = "provider";
  other.plan = std::make_shared<const plan>();
  check(replay_differences(recorded, other),
        {"status: recorded succeeded, now failed (provider)",
         "plan: another one"});
}

BOOST_AUTO_TEST_CASE(models_of_nested_crews_are_among_those_of_a_provider) {
  const auto c = outer_crew();
  check(providers_of(c), {"p", "q"});
  const auto models = models_of(c, "p");
  BOOST_REQUIRE(models.size() == 2U);
  BOOST_TEST(models[0].name == "fast");
  BOOST_TEST(models[1].name == "slow");
  BOOST_TEST(models_of(c, "q").size() == 1U);
  BOOST_TEST(models_of(c, "r").empty());
}

BOOST_AUTO_TEST_SUITE_END()
