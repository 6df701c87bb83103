// Runs that meet their limits: waits, attempts, deadlines, keys, prices.
#include "fixture.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

using namespace brigade;
using namespace std::chrono_literals;
using test::healthy;
using test::order_for;
using test::small_crew;
using test::world;
using testkit::fail;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;
using testkit::silence;

namespace {

const core::task_state& task(const core::run_report& report, std::size_t i) {
  return report.state.tasks.at(i);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_rate_limit_is_retried_after_the_wait_it_asks_for) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a"}));
    if (call.role == core::call_role::worker && call.number == 1) {
      auto step = fail(core::outcome_code::rate_limited);
      step.result.retry_after_ms = 4000;
      return step;
    }
    return reply("fine");
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(*task(report, 0).finished_ms == 4000);
  BOOST_TEST(task(report, 0).attempts == 1u);
  // A 429 is not billed.
  BOOST_TEST(report.state.calls.at(1).charged.value == 0);
}

BOOST_AUTO_TEST_CASE(a_silent_provider_costs_attempts_and_is_charged_in_full) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    if (call.task == "t1" && call.number == 1)
      return silence();
    return reply("fine");
  }};
  auto crew = small_crew();
  crew.limits.attempt_timeout_ms = 5000;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(task(report, 0).attempts == 2u);
  BOOST_TEST(task(report, 1).attempts == 1u);
  BOOST_TEST(*task(report, 1).finished_ms == 0);
  const auto& lost = report.state.calls.at(1);
  BOOST_TEST(lost.charged.value == lost.reserved.value);
}

BOOST_AUTO_TEST_CASE(a_subtask_that_never_answers_fails_after_its_attempts) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a"}));
    return silence();
  }};
  auto crew = small_crew();
  crew.limits.attempt_timeout_ms = 2000;
  crew.limits.attempts_max = 2;
  const auto report = w.run(order_for(crew));
  BOOST_TEST(task(report, 0).attempts == 2u);
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(core::exit_code_of(report) == 7);
}

BOOST_AUTO_TEST_CASE(an_expired_deadline_keeps_what_is_there) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    if (call.task == "t1")
      return silence();
    return reply("The paid result.");
  }};
  auto crew = small_crew();
  crew.limits.run_deadline_ms = 10'000;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.reason == "deadline");
  BOOST_TEST(report.state.answer.str().find("The paid result.")
             != std::string::npos);
  BOOST_TEST(core::exit_code_of(report) == 5);
  BOOST_TEST(w.virtual_system.elapsed().count() <= 15'000);
}

BOOST_AUTO_TEST_CASE(a_deadline_without_results_fails_with_its_own_code) {
  world w{[](const scripted_call&) { return silence(); }};
  auto crew = small_crew();
  crew.limits.run_deadline_ms = 3'000;
  const auto report = w.run(order_for(crew));
  BOOST_TEST(report.state.reason == "deadline");
  BOOST_TEST(core::exit_code_of(report) == 8);
}

BOOST_AUTO_TEST_CASE(a_wrong_key_fails_at_once_and_costs_nothing) {
  world w{[](const scripted_call&) {
    return fail(core::outcome_code::unauthorized);
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST(report.state.reason == "provider");
  BOOST_TEST(w.provider->served().size() == 1u);
  BOOST_TEST(report.state.spent.value == 0);
  BOOST_TEST(core::exit_code_of(report) == 7);
}

BOOST_AUTO_TEST_CASE(a_model_without_a_price_is_refused_before_a_byte_is_sent) {
  world w{healthy({"t1 a"})};
  auto crew = small_crew();
  crew.models[0].price.reset();
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(w.provider->served().empty());
}

BOOST_AUTO_TEST_CASE(a_breach_winds_the_run_down_and_keeps_what_is_paid) {
  world w{[](const scripted_call& call) {
    auto step = healthy({"t1 a", "t2 b t1", "t3 b"})(call);
    if (call.task == "t1")
      step.result.reply.usage = core::usage{100'000, 0, 100'000};
    return step;
  }};
  auto crew = small_crew();
  auto greedy = crew.models[0];
  greedy.alias = "greedy";
  crew.models.push_back(greedy);
  crew.workers[0].model = "greedy";
  crew.limits.parallel_max = 1;
  const auto report = w.run(order_for(crew));
  BOOST_TEST(report.state.budget_breached);
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.reason == "over_budget");
  BOOST_TEST((task(report, 0).status == core::task_status::succeeded));
  BOOST_TEST(task(report, 1).error_code == "over_budget");
  BOOST_TEST(task(report, 2).error_code == "over_budget");
  BOOST_TEST(task(report, 2).attempts == 0u);
  BOOST_TEST(report.state.answer.str() == "The merged answer.");
}

BOOST_AUTO_TEST_CASE(a_breach_of_the_planner_starts_no_worker) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return testkit::overlong(plan_text({"t1 a", "t2 b"}), 5'000);
    return reply("Result.");
  }};
  auto crew = small_crew();
  // Another model, which billed nothing yet.
  crew.models.push_back(crew.models[0]);
  crew.models.back().alias = "other";
  for (auto& worker : crew.workers)
    worker.model = "other";
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(w.provider->served().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_that_spends_the_rest_still_ends_with_an_answer) {
  // Two subtasks pay for three tries each, and the ceiling allows one.
  const auto run_with = [](std::int64_t ceiling_pico) {
    world w{[](const scripted_call& call) {
      if (call.task == "t1" || call.task == "t2")
        return fail(core::outcome_code::server_error);
      return healthy({"t1 a", "t2 b", "t3 a"})(call);
    }};
    auto crew = small_crew();
    crew.limits.cost = {ceiling_pico};
    crew.limits.result_bytes_max = 256;
    return w.run(order_for(crew));
  };
  // The least ceiling at which the plan is accepted.
  std::int64_t ceiling_pico = 1'000'000'000;
  auto report = run_with(ceiling_pico);
  while (!report.state.plan && ceiling_pico < core::pico_per_usd) {
    ceiling_pico += ceiling_pico / 10;
    report = run_with(ceiling_pico);
  }
  BOOST_TEST((report.state.status == core::run_status::partial),
             report.state.message);
  BOOST_TEST(report.state.reason == "over_budget");
  BOOST_TEST((report.state.spent <= report.state.ceiling));
  BOOST_TEST(report.state.answer.str() == "The merged answer.");
}
