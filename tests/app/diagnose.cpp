#include "brigade/app/diagnose.hpp"

#include "sample_run.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using namespace brigade;
using namespace brigade::app;
using core::outcome_code;
using core::run_status;

namespace {

struct fixture {
  diagnose_context context;
  sample_run run;

  fixture() {
    core::crew crew;
    core::model_spec model;
    model.alias = "fast";
    model.name = "gpt-x";
    model.provider = "openai";
    crew.models.push_back(model);
    context.crew = std::make_shared<const core::crew>(std::move(crew));
    context.providers.push_back(
        {"openai", "https://api.example/v1", "env:OPENAI_API_KEY"});
    context.config = "crew.toml";
    run.submitted();
  }

  std::string text() {
    std::string out;
    for (const auto& line : closing_lines(run.report(), context)) {
      out += line + "\n";
    }
    BOOST_TEST_MESSAGE(out);
    return out;
  }

  std::string planner_failed(outcome_code code, const std::string& message) {
    run.call(1, "", "fast", core::call_role::planner);
    run.settled(1, code, message);
    run.finished(run_status::failed, "provider");
    return text();
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(diagnose, fixture)

BOOST_AUTO_TEST_CASE(success_needs_no_words) {
  run.planned(1).finished(run_status::succeeded, "", "answer");
  BOOST_TEST(text() == "");
}

BOOST_AUTO_TEST_CASE(a_refused_key_names_the_provider_and_where_it_is_from) {
  auto said = planner_failed(outcome_code::unauthorized, "HTTP 401: bad key");
  BOOST_TEST(said.starts_with("brigade: provider openai at "
                              "https://api.example/v1: unauthorized: HTTP "
                              "401"));
  BOOST_TEST(has(said, "env:OPENAI_API_KEY"));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_told_how_to_add_one) {
  context.providers[0].key_source.clear();
  BOOST_TEST(has(planner_failed(outcome_code::unauthorized, ""),
                 "add api_key = \"env:NAME\" to [providers.openai]"));
}

BOOST_AUTO_TEST_CASE(a_refused_connection_asks_for_the_server) {
  auto said = planner_failed(outcome_code::connect_failed, "refused");
  BOOST_TEST(has(said, "is the server up?"));
  BOOST_TEST(has(said, "base_url = \"https://api.example/v1\""));
}

BOOST_AUTO_TEST_CASE(every_outcome_has_an_advice) {
  for (auto code : {outcome_code::rate_limited, outcome_code::quota_exhausted,
                    outcome_code::overloaded, outcome_code::server_error,
                    outcome_code::unauthorized, outcome_code::not_found,
                    outcome_code::bad_request, outcome_code::request_too_large,
                    outcome_code::connect_failed, outcome_code::connect_timeout,
                    outcome_code::tls_failed, outcome_code::connection_lost,
                    outcome_code::timed_out, outcome_code::first_token_timeout,
                    outcome_code::idle_timeout, outcome_code::reply_too_large,
                    outcome_code::reply_malformed}) {
    fixture each;
    each.planner_failed(code, "message");
    auto lines = closing_lines(each.run.report(), each.context);
    BOOST_TEST_REQUIRE(lines.size() >= 2U);
    BOOST_TEST(has(lines[0], std::string{core::to_string(code)}));
    BOOST_TEST(lines[1].size() > 15U);
  }
}

BOOST_AUTO_TEST_CASE(each_limit_of_time_is_named_with_the_key_that_raises_it) {
  auto advice = [](outcome_code code) {
    fixture each;
    each.planner_failed(code, "message");
    return closing_lines(each.run.report(), each.context).at(1);
  };
  const std::string table = "[providers.openai]";
  BOOST_TEST(has(advice(outcome_code::connect_timeout),
                 "connect_timeout_ms of " + table));
  BOOST_TEST(has(advice(outcome_code::first_token_timeout),
                 "first_token_timeout_ms of " + table));
  BOOST_TEST(
      has(advice(outcome_code::idle_timeout), "idle_timeout_ms of " + table));
  BOOST_TEST(
      has(advice(outcome_code::timed_out), "call_timeout_ms of " + table));
  BOOST_TEST(has(advice(outcome_code::timed_out), "limits.attempt_timeout_s"));
}

BOOST_AUTO_TEST_CASE(a_call_that_a_later_try_made_good_is_not_blamed) {
  run.planned(2).started("t1").started("t2");
  run.call(1, "t1", "fast").settled(1, outcome_code::bad_request, "HTTP 400");
  run.failed("t1", "bad_request", "HTTP 400 - check the settings");
  run.call(2, "t2", "fast").settled(2, outcome_code::overloaded, "HTTP 503");
  run.call(3, "t2", "fast").settled(3).succeeded("t2");
  run.finished(run_status::partial, "provider", "answer");
  auto said = text();
  BOOST_TEST(has(said, "bad_request: HTTP 400"));
  BOOST_TEST(!has(said, "overloaded"));
  // One advice is enough: ours.
  BOOST_TEST(!has(said, "check the settings\n"));
}

BOOST_AUTO_TEST_CASE(a_provider_is_named_once) {
  BOOST_TEST(has(planner_failed(outcome_code::server_error,
                                "provider openai answered 500: x - try later"),
                 "at https://api.example/v1: server_error: answered 500: x\n"));
}

BOOST_AUTO_TEST_CASE(a_provider_fault_without_a_call_tells_the_message) {
  run.finished(run_status::failed, "provider", "", "no key in env:X");
  BOOST_TEST(has(text(), "no key in env:X"));
}

BOOST_AUTO_TEST_CASE(a_rejected_plan_lists_every_fault_with_its_pointer) {
  core::events::plan_rejected rejected;
  rejected.faults = {{"unknown_worker", "/tasks/0/worker", "use a known one"},
                     {"empty_plan", "", "plan something"}};
  run.add(rejected).finished(run_status::failed, "plan_rejected");
  auto said = text();
  BOOST_TEST(has(said, "1 proposal had 2 faults"));
  BOOST_TEST(has(said, "/tasks/0/worker  unknown_worker: use a known one"));
  BOOST_TEST(has(said, "(whole plan)  empty_plan: plan something"));
}

BOOST_AUTO_TEST_CASE(a_rejected_plan_file_is_the_users_to_repair) {
  context.plan_file = "plan.json";
  core::events::plan_rejected rejected;
  rejected.faults = {{"bad_id", "/tasks/0/id", "rename it"}};
  run.add(rejected).finished(run_status::failed, "plan_rejected");
  BOOST_TEST(has(text(), "the plan in plan.json cannot be used: 1 fault"));
  BOOST_TEST(has(text(), "repair the file"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_too_dear_points_at_the_ceiling) {
  core::events::plan_rejected rejected;
  rejected.faults = {{"over_budget", "/tasks", "too dear"}};
  run.add(rejected).finished(run_status::failed, "plan_rejected");
  BOOST_TEST(has(text(), "--max-cost"));
}

BOOST_AUTO_TEST_CASE(the_ceiling_is_named_with_the_way_to_raise_it) {
  run.finished(run_status::failed, "over_budget", "", "the planner's call");
  auto said = text();
  BOOST_TEST(has(said, "the ceiling of $0.50"));
  BOOST_TEST(has(said, "--max-cost or limits.cost_usd in crew.toml"));
  context.config.clear();
  BOOST_TEST(has(text(), "--set limits.cost_usd=..."));
}

BOOST_AUTO_TEST_CASE(the_deadline_is_named_with_the_way_to_raise_it) {
  run.finished(run_status::failed, "deadline");
  auto said = text();
  BOOST_TEST(has(said, "the deadline of 5m00s passed before there was an "
                       "answer"));
  BOOST_TEST(has(said, "limits.run_deadline_s in crew.toml"));
}

BOOST_AUTO_TEST_CASE(gaps_are_listed_with_their_causes_up_to_a_limit) {
  run.planned(14, 2).started("t1").failed("t1", "crashed", "worker died");
  run.add(core::events::task_skipped{"t2", {"t1"}});
  run.finished(run_status::partial, "task_failed", "answer",
               "2 of 14 subtasks have no result");
  auto said = text();
  BOOST_TEST(has(said, "2 of 14 subtasks have no result"));
  BOOST_TEST(has(said, "  t1 extractor failed: crashed: worker died\n"));
  BOOST_TEST(has(said, "  t2 writer skipped: without t1\n"));
  BOOST_TEST(has(said, "  t3 extractor was not started\n"));
  BOOST_TEST(has(said, "  and 4 more\n"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_is_honest_about_the_journal) {
  run.planned(2).started("t1").succeeded("t1");
  run.add(core::events::run_suspended{"interrupt"});
  auto said = text();
  BOOST_TEST(has(said, "interrupted: 1 of 2 subtasks succeeded"));
  BOOST_TEST(has(said, "cannot be continued"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_waits_is_shown_with_what_to_do) {
  context.run = "01JB2K8XQ2M4N6P8R0S2T4V6W8";
  context.resume_arguments = " --state d";
  run.planned(2, 2).add(core::events::approval_requested{3'600'000,
                                                         {1'000'000'000},
                                                         {2'000'000'000},
                                                         {3'000'000'000},
                                                         {"t1", "t2"}});
  run.add(core::events::run_suspended{"approval"});
  const auto said = text();
  BOOST_TEST(said.starts_with("brigade: the plan waits for approval until "
                              "1970-01-01 01:00:00 UTC\n"));
  BOOST_TEST(has(said, "t1 extractor  Describe the part number 1"));
  BOOST_TEST(has(said, "critical path: t1, t2\n"));
  BOOST_TEST(has(said, "about $0.0020, at least $0.0010, at most $0.0030"));
  BOOST_TEST(has(said, "  brigade approve 01JB2K8XQ2M4N6P8R0S2T4V6W8 --state "
                       "d\n"));
  BOOST_TEST(has(said, "  brigade reject 01JB2K8XQ2M4N6P8R0S2T4V6W8 --state "
                       "d\n"));
}

BOOST_AUTO_TEST_CASE(an_abort_and_an_inner_defect_tell_their_message) {
  run.planned(1).finished(run_status::failed, "aborted", "", "t1 failed");
  BOOST_TEST(has(text(), "brigade: t1 failed"));
  fixture other;
  other.run.finished(run_status::failed, "internal", "", "lost an actor");
  BOOST_TEST(has(other.text(), "a defect in brigade: lost an actor"));
}

BOOST_AUTO_TEST_CASE(no_line_carries_control_characters) {
  context.providers[0].base_url = "http://x\x1b[2J";
  auto said = planner_failed(outcome_code::server_error, "\x1b]0;t\x07\r\nx");
  BOOST_TEST(said.find('\x1b') == std::string::npos);
  BOOST_TEST(said.find('\r') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
