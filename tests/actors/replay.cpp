// Runs that are over, repeated from their documents: the same answer, and no
// call to anybody.
#include "fixture.hpp"

#include "brigade/actors/recorded_provider.hpp"
#include "brigade/core/crew/crew_json.hpp"
#include "brigade/core/run/replay.hpp"
#include "brigade/store/memory.hpp"

#include <map>
#include <string>

using namespace brigade;
using test::healthy;
using test::order_for;
using test::small_crew;
using testkit::plan_text;
using testkit::reply;
using testkit::scripted_call;

namespace {

core::run_export export_of(const core::journal& journal, const core::run_id& id,
                           core::run_source source) {
  core::run_export run;
  run.id = id;
  run.source = std::move(source);
  for (const auto& e : journal.read(id, 0, 100'000)) {
    run.events.push_back(*e);
    const auto* intent = std::get_if<core::events::call_intended>(&e->body);
    if (intent && !intent->nested_run.empty())
      run.nested.push_back(export_of(journal, {intent->nested_run}, {}));
  }
  return run;
}

/// The document of a run of this order by this script.
std::string record(const core::run_order& order, testkit::script steps) {
  testkit::deterministic_system virtual_system;
  auto journal = std::make_shared<store::memory_journal>();
  actors::brigade_options options;
  options.journal = journal;
  options.providers["p"] = {std::make_shared<testkit::scripted_provider>(
                                virtual_system, std::move(steps)),
                            {}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto ended = virtual_system.run(handle, order);
  BOOST_REQUIRE_MESSAGE(ended.report, ended.error_text);
  core::run_source source;
  source.crew = core::crew_to_json(*order.crew);
  source.inputs = order.inputs;
  source.plan_text = order.plan_text;
  source.plan_only = order.plan_only;
  return core::to_json(export_of(*journal, order.id, std::move(source)));
}

struct repeated {
  core::run_state recorded;
  core::run_state state;
  std::size_t unknown_requests = 0;
  std::size_t served = 0;
  std::vector<std::string> differences;
};

/// Repeats it; `encode` is that of a provider whose script nobody asks.
repeated repeat(const std::string& document) {
  const auto run = core::run_export_from_json(document);
  BOOST_REQUIRE_MESSAGE(run.value, core::to_string(run.fault));
  auto prepared = core::prepare_replay(*run.value);
  BOOST_REQUIRE(std::holds_alternative<core::replay>(prepared));
  auto& what = std::get<core::replay>(prepared);
  testkit::deterministic_system virtual_system{99};
  auto real =
      std::make_shared<testkit::scripted_provider>(virtual_system, healthy({}));
  auto answers = actors::make_recorded_answers(what.script);
  actors::brigade_options options;
  options.providers["p"] = {actors::make_recorded_provider(
                                [real](const core::model_request& request) {
                                  return real->encode(request);
                                },
                                answers),
                            {}};
  auto handle = virtual_system.brigade(std::move(options));
  const auto ended = virtual_system.run(handle, what.order);
  BOOST_REQUIRE_MESSAGE(ended.report, ended.error_text);
  return {what.recorded, ended.report->state,
          actors::unknown_requests(*answers), real->served().size(),
          core::replay_differences(what.recorded, ended.report->state)};
}

void check_same(const repeated& result) {
  for (const auto& line : result.differences)
    BOOST_ERROR(line);
  BOOST_TEST(result.unknown_requests == 0U);
  BOOST_TEST(result.served == 0U);
  BOOST_TEST(result.state.answer.str() == result.recorded.answer.str());
  BOOST_TEST((result.state.spent == result.recorded.spent));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_run_is_repeated_from_its_document_alone) {
  const auto result = repeat(
      record(order_for(small_crew()), healthy({"t1 a", "t2 b t1", "t3 a"})));
  check_same(result);
  BOOST_TEST((result.state.status == core::run_status::succeeded));
  BOOST_TEST(result.state.answer.str() == "The merged answer.");
  BOOST_TEST(result.state.calls.size() == 5U);
}

BOOST_AUTO_TEST_CASE(failures_are_repeated_too) {
  const auto steps = [inner = healthy({"t1 a", "t2 b t1"})](
                         const scripted_call& call) -> testkit::scripted_step {
    if (call.task == "t1" && call.number == 1)
      return testkit::fail(core::outcome_code::overloaded);
    if (call.task == "t2")
      return testkit::fail(core::outcome_code::bad_request);
    return inner(call);
  };
  const auto result = repeat(record(order_for(small_crew()), steps));
  check_same(result);
  BOOST_TEST((result.state.status == core::run_status::partial));
}

BOOST_AUTO_TEST_CASE(a_plan_that_was_repaired_is_repaired_again) {
  const auto steps = [asked = 0, inner = healthy({"t1 a"})](
                         const scripted_call& call) mutable {
    if (call.role == core::call_role::planner && asked++ == 0)
      return reply("no plan");
    return inner(call);
  };
  const auto result = repeat(record(order_for(small_crew()), steps));
  check_same(result);
  BOOST_TEST(result.state.plans_rejected == 1U);
}

BOOST_AUTO_TEST_CASE(attempts_that_stood_still_are_not_waited_for) {
  const auto steps = [asked = 0, inner = healthy({"t1 a", "t2 b"})](
                         const scripted_call& call) mutable {
    if (call.task == "t1" && asked++ == 0)
      return testkit::silence();
    return inner(call);
  };
  const auto result = repeat(record(order_for(small_crew()), steps));
  BOOST_TEST(result.differences.empty());
  BOOST_TEST(result.unknown_requests == 0U);
  BOOST_TEST((result.state.status == core::run_status::succeeded));
}

BOOST_AUTO_TEST_CASE(nested_runs_are_repeated_inside) {
  auto inner = small_crew();
  inner.name = "inner";
  inner.limits.cost = {core::pico_per_usd / 10};
  auto crew = small_crew();
  crew.workers[1].nested = std::make_shared<const core::crew>(inner);
  const auto steps = [](const scripted_call& call) {
    const bool above = call.body.find("Compare the figures of several markets")
                       != std::string::npos;
    if (call.role == core::call_role::planner)
      return reply(plan_text(above ? std::vector<std::string>{"t1 a", "t2 b t1"}
                                   : std::vector<std::string>{"n1 a", "n2 a"}));
    if (call.role == core::call_role::synthesizer)
      return reply(above ? "The answer above." : "The answer below.");
    return reply("Result of " + call.task + ".");
  };
  const auto document = record(order_for(crew), steps);
  check_same(repeat(document));
  // Without the nested run's record its requests are not known.
  auto cut = *core::run_export_from_json(document).value;
  BOOST_REQUIRE(cut.nested.size() == 1U);
  cut.nested.clear();
  const auto result = repeat(core::to_json(cut));
  BOOST_TEST(result.unknown_requests > 0U);
  BOOST_TEST(!result.differences.empty());
}

BOOST_AUTO_TEST_CASE(a_changed_crew_is_noticed) {
  auto run = *core::run_export_from_json(
                  record(order_for(small_crew()), healthy({"t1 a"})))
                  .value;
  auto crew = small_crew();
  crew.workers[0].prompt = "Another one.";
  run.source.crew = core::crew_to_json(crew);
  const auto result = repeat(core::to_json(run));
  BOOST_TEST(result.unknown_requests == 1U);
  BOOST_TEST(!result.differences.empty());
  BOOST_TEST(result.served == 0U);
}

BOOST_AUTO_TEST_CASE(an_unknown_request_is_not_sent_and_named) {
  const auto answers = actors::make_recorded_answers({});
  const auto provider = actors::make_recorded_provider(
      [](const core::model_request&) { return std::string{"body"}; }, answers);
  core::prepared_call call;
  call.body = core::shared_text{"body"};
  core::outcome got;
  provider->send(core::try_id{1}, call, std::chrono::milliseconds{1},
                 [&got](core::outcome x) { got = std::move(x); });
  BOOST_TEST((got.code == core::outcome_code::not_sent));
  // The SHA-256 of `body`.
  BOOST_TEST(got.message.find("230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc8"
                              "61b98e68fe31acb5")
             != std::string::npos);
  BOOST_TEST(actors::unknown_requests(*answers) == 1U);
}

BOOST_AUTO_TEST_CASE(the_last_answer_is_given_again_and_a_failure_is_final) {
  core::outcome busy;
  busy.code = core::outcome_code::overloaded;
  core::outcome fine;
  fine.code = core::outcome_code::ok;
  const auto hash =
      "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5";
  const auto asked = [&](std::vector<core::outcome> outcomes, int times) {
    const auto provider = actors::make_recorded_provider(
        {}, actors::make_recorded_answers({{hash, std::move(outcomes)}}));
    core::prepared_call call;
    call.body = core::shared_text{"body"};
    core::outcome last;
    for (int i = 0; i < times; ++i)
      provider->send(core::try_id{1}, call, std::chrono::milliseconds{1},
                     [&last](core::outcome x) { last = std::move(x); });
    return last;
  };
  BOOST_TEST((asked({busy, fine}, 1).should_retry == true));
  BOOST_TEST((asked({busy, fine}, 2).code == core::outcome_code::ok));
  BOOST_TEST((asked({busy, fine}, 3).code == core::outcome_code::ok));
  BOOST_TEST((asked({fine, busy}, 2).should_retry == false));
  BOOST_TEST((asked({fine, busy}, 3).should_retry == false));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_repeated_is_said) {
  const auto refusal = [](const core::run_export& run) {
    const auto prepared = core::prepare_replay(run);
    const auto* why = std::get_if<core::replay_refused>(&prepared);
    return why ? *why : std::string{};
  };
  auto run = *core::run_export_from_json(
                  record(order_for(small_crew()), healthy({"t1 a"})))
                  .value;
  BOOST_TEST(refusal(run).empty());
  auto without_crew = run;
  without_crew.source.crew.clear();
  BOOST_TEST(refusal(without_crew)
             == "the file does not hold the crew of the run");
  auto unfinished = run;
  unfinished.events.pop_back();
  BOOST_TEST(refusal(unfinished).starts_with("the run had not ended"));
  auto headless = run;
  headless.events.erase(headless.events.begin());
  BOOST_TEST(refusal(headless) == "the run's first event is missing");
  BOOST_TEST(refusal({}) == "the run's first event is missing");
}
