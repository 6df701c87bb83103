// Runs below a run: what they cost, how they end, what they leave behind.
#include "fixture.hpp"

#include <numeric>

using namespace brigade;
using namespace std::chrono_literals;
using test::order_for;
using test::small_crew;
using test::world;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;
using testkit::silence;

namespace {

constexpr core::pico_usd inner_ceiling{core::pico_per_usd / 10};

/// Worker `b` is the small crew once more.
core::crew crew_with_crew() {
  auto inner = small_crew();
  inner.name = "inner";
  inner.limits.cost = inner_ceiling;
  auto crew = small_crew();
  crew.workers[1].nested = std::make_shared<const core::crew>(inner);
  return crew;
}

/// The goal of the run above is known; a nested run's is its subtask.
bool is_above(const scripted_call& call) {
  return call.body.find("Compare the figures of several markets")
         != std::string::npos;
}

testkit::script nested_script() {
  return [](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text(is_above(call)
                                 ? std::vector<std::string>{"t1 a", "t2 b t1"}
                                 : std::vector<std::string>{"n1 a", "n2 a"}));
    if (call.role == core::call_role::synthesizer)
      return reply(is_above(call) ? "The answer above." : "The answer below.");
    return reply("Result of " + call.task + ".");
  };
}

core::pico_usd billed(const testkit::scripted_provider& provider) {
  core::pico_usd sum;
  for (const auto& line : provider.served())
    sum += {static_cast<std::int64_t>(line.tokens.input_tokens
                                      + line.tokens.output_tokens)
            * 1'000'000};
  return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_answer_of_a_nested_run_is_the_result_of_its_subtask) {
  world w{nested_script()};
  const auto report = w.run(order_for(crew_with_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.tasks[1].result.str() == "The answer below.");
  // Planner, t1, nested (planner, 2 workers, synthesis), synthesis.
  BOOST_TEST(w.provider->served().size() == 7u);
}

BOOST_AUTO_TEST_CASE(what_a_nested_run_spent_is_part_of_the_run_above) {
  world w{nested_script()};
  const auto report = w.run(order_for(crew_with_crew()));
  BOOST_TEST((report.state.spent == billed(*w.provider)));
  const auto& nested = report.state.calls.at(2);
  BOOST_TEST(nested.model == "crew/inner");
  BOOST_TEST((nested.reserved == inner_ceiling));
  BOOST_TEST(nested.charged.value > 0);
  BOOST_TEST((nested.charged < nested.reserved));
  BOOST_TEST(core::is_run_id(nested.nested_run));
}

BOOST_AUTO_TEST_CASE(a_nested_run_never_gets_more_than_its_slice) {
  auto crew = crew_with_crew();
  core::crew inner = *crew.workers[1].nested;
  // Too little for its own plan.
  inner.limits.cost = {1000};
  crew.workers[1].nested = std::make_shared<const core::crew>(inner);
  world w{nested_script()};
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.tasks[1].error_code == "nested_failed");
  BOOST_TEST((report.state.spent == billed(*w.provider)));
}

BOOST_AUTO_TEST_CASE(cancelling_the_run_above_cancels_the_one_below) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::worker && !is_above(call)
        && call.task == "n1")
      return silence();
    return nested_script()(call);
  }};
  const auto order = order_for(crew_with_crew());
  const auto pending = w.virtual_system.submit(w.handle, order);
  w.virtual_system.settle();
  BOOST_TEST(!pending->ended());
  caf::anon_send(w.handle,
                 actors::stop_run{order.id, core::stop_kind::cancel, "user"});
  w.virtual_system.settle();
  BOOST_REQUIRE(pending->report);
  BOOST_TEST((pending->report->state.status == core::run_status::cancelled));
  BOOST_TEST(w.provider->open() == 0u);
  BOOST_TEST(w.virtual_system.running() == w.idle);
  // Its open call was charged in full, and nothing else.
  BOOST_TEST((pending->report->state.spent > billed(*w.provider)));
  BOOST_TEST(pending->report->state.reserved.value == 0);
}

BOOST_AUTO_TEST_CASE(a_nested_run_ends_with_the_time_of_the_run_above) {
  world w{[](const scripted_call& call) {
    if (!is_above(call) && call.task != "t1")
      return silence();
    return nested_script()(call);
  }};
  auto crew = crew_with_crew();
  crew.limits.run_deadline_ms = 20'000;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.reason == "deadline");
  BOOST_TEST(w.virtual_system.elapsed().count() <= 26'000);
}

BOOST_AUTO_TEST_CASE(runs_below_runs_stop_at_the_limit) {
  auto crew = crew_with_crew();
  auto inner = std::make_shared<core::crew>(*crew.workers[1].nested);
  inner->workers[0].nested = std::make_shared<const core::crew>(small_crew());
  inner->limits.nesting_max = 5;
  crew.workers[1].nested = inner;
  world w{nested_script()};
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.tasks[1].error_code == "nested_failed");
}
