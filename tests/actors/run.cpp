// Whole runs through the actors, under virtual time.
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

core::pico_usd charged(const core::run_report& report) {
  core::pico_usd sum;
  for (const auto& call : report.state.calls)
    sum += call.charged;
  return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_healthy_run_answers_from_all_subtasks) {
  world w{healthy({"t1 a", "t2 b", "t3 a t1,t2"})};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.answer.str() == "The merged answer.");
  BOOST_TEST(report.state.tasks.size() == 3u);
  BOOST_TEST(task(report, 2).result.str() == "Result of t3.");
  BOOST_TEST(w.provider->served().size() == 5u);
  BOOST_TEST(report.state.spent.value == charged(report).value);
  BOOST_TEST(report.state.reserved.value == 0);
}

BOOST_AUTO_TEST_CASE(a_worker_sees_its_subtask_and_its_dependencies_only) {
  world w{healthy({"t1 a", "t2 b", "t3 a t1"})};
  w.run(order_for(small_crew()));
  for (const auto& served : w.provider->served()) {
    if (served.call.task != "t3")
      continue;
    BOOST_TEST(served.call.body.find("Result of t1.") != std::string::npos);
    BOOST_TEST(served.call.body.find("Result of t2.") == std::string::npos);
    return;
  }
  BOOST_FAIL("t3 was not called");
}

BOOST_AUTO_TEST_CASE(ready_subtasks_start_at_once_whatever_slow_siblings_do) {
  // t1 takes 10 s, t2 1 s; t3 depends on t2 only.
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 a", "t3 b t2"}));
    if (call.task == "t1")
      return reply("slow", 10s);
    return reply("fast", 1s);
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST(*task(report, 2).started_ms == 1000);
  BOOST_TEST(*task(report, 2).finished_ms == 2000);
  BOOST_TEST(*task(report, 0).finished_ms == 10'000);
}

BOOST_AUTO_TEST_CASE(a_bad_plan_is_repaired_with_its_faults) {
  world w{[](const scripted_call& call) {
    if (call.role != core::call_role::planner)
      return reply("done");
    if (call.number == 1)
      return reply(plan_text({"t1 nobody", "t2 a t9"}));
    BOOST_TEST(call.body.find("unknown_worker") != std::string::npos);
    BOOST_TEST(call.body.find("/tasks/1/depends_on/0") != std::string::npos);
    return reply(plan_text({"t1 a"}));
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.plans_rejected == 1u);
}

BOOST_AUTO_TEST_CASE(a_plan_that_stays_bad_ends_the_run_with_all_faults) {
  world w{[](const scripted_call&) {
    return reply(plan_text({"t1 a t2", "t2 a t1", "t2 nobody"}));
  }};
  auto crew = small_crew();
  crew.limits.repairs_max = 1;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(report.state.reason == "plan_rejected");
  BOOST_TEST(w.provider->served().size() == 2u);
  BOOST_TEST(report.state.faults.size() >= 3u);
  BOOST_TEST(core::exit_code_of(report) == 4);
}

BOOST_AUTO_TEST_CASE(one_failed_subtask_costs_its_dependants_and_nobody_else) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 a", "t3 b t1", "t4 b t2"}));
    if (call.task == "t1")
      return fail(core::outcome_code::bad_request);
    return reply("fine");
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.reason == "provider");
  BOOST_TEST((task(report, 0).status == core::task_status::failed));
  BOOST_TEST((task(report, 2).status == core::task_status::skipped));
  BOOST_TEST(task(report, 2).missing.at(0) == "t1");
  BOOST_TEST((task(report, 3).status == core::task_status::succeeded));
  BOOST_TEST(core::exit_code_of(report) == 5);
}

BOOST_AUTO_TEST_CASE(run_with_gap_tells_the_dependant_what_is_missing) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b t1"}));
    if (call.task == "t1")
      return fail(core::outcome_code::bad_request);
    if (call.task == "t2") {
      BOOST_TEST(call.body.find("<brigade-missing task=\"t1\"")
                 != std::string::npos);
    }
    return reply("fine");
  }};
  auto crew = small_crew();
  crew.workers[1].if_dependency_failed = core::failure_policy::run_with_gap;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((task(report, 1).status == core::task_status::succeeded));
  BOOST_TEST((report.state.status == core::run_status::partial));
}

BOOST_AUTO_TEST_CASE(abort_ends_the_run_without_a_synthesis) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 a", "t3 b t1"}));
    if (call.task == "t1")
      return fail(core::outcome_code::bad_request, 1s);
    return reply("fine");
  }};
  auto crew = small_crew();
  crew.if_dependency_failed = core::failure_policy::abort;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::failed));
  BOOST_TEST(report.state.reason == "aborted");
  BOOST_TEST(report.state.answer.empty());
  BOOST_TEST(task(report, 1).result.str() == "fine");
}

BOOST_AUTO_TEST_CASE(a_failed_synthesis_never_loses_the_results) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a"}));
    if (call.role == core::call_role::synthesizer)
      return fail(core::outcome_code::bad_request);
    return reply("The paid result.");
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::partial));
  BOOST_TEST(report.state.answer.str().find("The paid result.")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_merge_kind_makes_no_synthesis_call) {
  world w{healthy({"t1 a", "t2 b"})};
  auto crew = small_crew();
  crew.synthesizer.kind = core::synthesizer_kind::merge;
  const auto report = w.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(w.provider->served().size() == 3u);
  BOOST_TEST(report.state.answer.str().find("Result of t2.")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_planner_may_answer_itself_only_when_it_is_allowed) {
  const auto answer = [](const scripted_call&) {
    return reply(R"({"analysis":"simple","answer":"42","tasks":[]})");
  };
  world allowed{answer};
  auto crew = small_crew();
  crew.planner.direct_answer = true;
  auto report = allowed.run(order_for(crew));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.answer.str() == "42");
  world forbidden{answer};
  report = forbidden.run(order_for(small_crew()));
  BOOST_TEST(report.state.reason == "plan_rejected");
}

BOOST_AUTO_TEST_CASE(a_given_plan_is_validated_and_needs_no_planner) {
  world w{healthy({})};
  auto order = order_for(small_crew());
  order.plan_text = plan_text({"t1 a"});
  auto report = w.run(order);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(w.provider->served().size() == 2u);
  order.plan_text = plan_text({"t1 nobody"});
  report = w.run(order);
  BOOST_TEST(report.state.reason == "plan_rejected");
  BOOST_TEST(w.provider->served().size() == 2u);
}

BOOST_AUTO_TEST_CASE(plan_only_makes_no_worker_call) {
  world w{healthy({"t1 a", "t2 b"})};
  auto order = order_for(small_crew());
  order.plan_only = true;
  const auto report = w.run(order);
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(w.provider->served().size() == 1u);
  BOOST_TEST(report.state.plan->tasks.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_ceiling_is_never_exceeded_and_the_synthesis_is_kept) {
  // Each worker's reply is billed; the ceiling is too low for all of them.
  for (std::int64_t cents = 1; cents <= 40; ++cents) {
    world w{healthy({"t1 a", "t2 b", "t3 a", "t4 b t1", "t5 a t2"})};
    auto crew = small_crew();
    crew.limits.result_bytes_max = 512;
    crew.limits.cost = core::pico_usd{cents * core::pico_per_usd / 1000};
    const auto report = w.run(order_for(crew));
    BOOST_TEST((report.state.spent <= report.state.ceiling));
    BOOST_TEST((charged(report) == report.state.spent));
    if (!report.state.answer.empty())
      BOOST_TEST((report.state.status == core::run_status::succeeded
                  || report.state.status == core::run_status::partial));
  }
}

BOOST_AUTO_TEST_CASE(cancel_reaches_the_provider_and_ends_the_run_once) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    return silence();
  }};
  const auto order = order_for(small_crew());
  const auto pending = w.virtual_system.submit(w.handle, order);
  w.virtual_system.settle();
  BOOST_TEST(w.provider->open() == 2u);
  caf::anon_send(w.handle,
                 actors::stop_run{order.id, core::stop_kind::cancel, "user"});
  w.virtual_system.settle();
  BOOST_REQUIRE(pending->report);
  const auto& report = *pending->report;
  BOOST_TEST((report.state.status == core::run_status::cancelled));
  BOOST_TEST(w.provider->cancelled() == 2u);
  BOOST_TEST(w.virtual_system.elapsed().count() == 0);
  BOOST_TEST(w.virtual_system.running() == w.idle);
}

BOOST_AUTO_TEST_CASE(an_interrupt_suspends_and_shows_what_is_there) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    return call.task == "t1" ? reply("kept") : silence();
  }};
  const auto order = order_for(small_crew());
  const auto pending = w.virtual_system.submit(w.handle, order);
  w.virtual_system.settle();
  caf::anon_send(w.handle, actors::stop_run{order.id, core::stop_kind::suspend,
                                            "interrupt"});
  w.virtual_system.settle();
  BOOST_REQUIRE(pending->report);
  const auto& report = *pending->report;
  BOOST_TEST((report.state.status == core::run_status::suspended));
  BOOST_TEST(report.state.tasks.at(0).result.str() == "kept");
  BOOST_TEST(core::exit_code_of(report) == 130);
  BOOST_TEST(w.virtual_system.running() == w.idle);
}

BOOST_AUTO_TEST_CASE(a_call_takes_at_most_eight_messages) {
  std::vector<std::string> tasks;
  for (int i = 1; i <= 8; ++i)
    tasks.push_back("t" + std::to_string(i) + (i % 2 != 0 ? " a" : " b"));
  world w{healthy(tasks)};
  const auto before = w.virtual_system.messages();
  w.run(order_for(small_crew()));
  const auto steps = w.virtual_system.messages() - before;
  const auto calls = w.provider->served().size();
  BOOST_TEST(calls == 10u);
  // Everything counts: submit, report, timers, ends of actors and the test's
  // own two.
  BOOST_TEST(static_cast<double>(steps) / static_cast<double>(calls) <= 8.0);
  BOOST_TEST_MESSAGE("messages per call: " << steps << "/" << calls);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  const auto trace = [](std::uint64_t seed) {
    world w{[](const scripted_call& call) {
              if (call.role == core::call_role::planner)
                return reply(plan_text({"t1 a", "t2 b", "t3 a t1", "t4 b t2"}));
              if (call.task == "t2" && call.number == 1)
                return fail(core::outcome_code::server_error, 30ms);
              return reply("r", std::chrono::milliseconds{
                                    10 * static_cast<int>(call.task.size())});
            },
            seed};
    return boost::json::serialize(to_json(w.run(order_for(small_crew()))));
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    BOOST_TEST(trace(seed) == trace(seed));
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_run_is_refused_with_a_reason) {
  world w{healthy({"t1 a"})};
  auto order = order_for(small_crew());
  order.goal = "  \n";
  const auto ended = w.virtual_system.run(w.handle, order);
  BOOST_TEST(!ended.report);
  BOOST_TEST(ended.error_text.find("goal is empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_duplicate_answer_is_counted_once) {
  world w{[](const scripted_call& call) {
    if (call.role == core::call_role::planner)
      return reply(plan_text({"t1 a", "t2 b"}));
    auto step = reply("fine");
    step.duplicate = true;
    return step;
  }};
  const auto report = w.run(order_for(small_crew()));
  BOOST_TEST((report.state.status == core::run_status::succeeded));
  BOOST_TEST(report.state.calls.size() == 4u);
}
