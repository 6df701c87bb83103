// What is read from a run at its end.

#include "brigade/core/run/report.hpp"

#include "run_story.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

using namespace brigade::core;
using brigade::test::planned;
using brigade::test::run_story;
namespace json = boost::json;

namespace {

run_report report_of(const run_story& story) {
  return {{"01ARYZ6S41TSV4RRFFQ69G5FAV"}, story.state, {}};
}

json::object json_of(const run_story& story) {
  return to_json(report_of(story)).as_object();
}

/// Two subtasks in a row, one beside them that fails; 100 ms of planning, 50 ms
/// of synthesis.
run_story partial_run() {
  run_story story;
  story.submit().intend(1, call_role::planner, "", 90).settle(1, 30);
  auto second = planned("t2", {"t1"});
  second.inputs = {{"doc1", 0, 0}, {"doc2", 10, 80}};
  story.accept({planned("t1"), second, planned("t3")}, 100);
  story.then(events::task_started{"t3", 1});
  story.intend(2, call_role::worker, "t3", 40);
  story.then(events::call_in_doubt{call_id{2}, {40}, "lost"});
  story.then(events::task_failed{"t3", 1, "connection_lost", "It broke."}, 20);
  story.work("t1", 200).work("t2", 300);
  story.then(events::synthesis_started{"merge", 2, 1}, 30);
  story.then(events::synthesis_succeeded{shared_text{"Half of it."}}, 50);
  story.then(events::run_finished{
      run_status::partial, "task_failed", "One subtask failed.", {}});
  return story;
}

run_story ended(std::string reason, std::string answer = "",
                run_status status = run_status::failed) {
  run_story story;
  story.submit().accept({planned("t1")}).work("t1", 5);
  story.then(events::run_finished{status, std::move(reason), "Because.",
                                  shared_text{std::move(answer)}});
  return story;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(a_report_has_exactly_the_documented_members) {
  BOOST_TEST(
      json::serialize(to_json(report_of(partial_run())))
      == R"({"run_id":"01ARYZ6S41TSV4RRFFQ69G5FAV","status":"partial",)"
         R"("reason":"task_failed","message":"One subtask failed.",)"
         R"("goal":"Compare the teas.","answer":"Half of it.",)"
         R"("plan":{"analysis":"One at a time.","tasks":[)"
         R"({"id":"t1","worker":"reader","description":"Read t1.",)"
         R"("depends_on":[],"inputs":[]},)"
         R"({"id":"t2","worker":"reader","description":"Read t2.",)"
         R"("depends_on":["t1"],"inputs":["doc1","doc2:10-80"]},)"
         R"({"id":"t3","worker":"reader","description":"Read t3.",)"
         R"("depends_on":[],"inputs":[]}],"faults":[]},"approval":null,"tasks":[)"
         R"({"id":"t1","worker":"reader","status":"succeeded","attempts":1,)"
         R"("result":"Found t1","error":null,"started_s":1.2E-1,)"
         R"("finished_s":3.2E-1,"input_tokens":0,"output_tokens":0,)"
         R"("cost_usd":"0"},)"
         R"({"id":"t2","worker":"reader","status":"succeeded","attempts":1,)"
         R"("result":"Found t2","error":null,"started_s":3.2E-1,)"
         R"("finished_s":6.2E-1,"input_tokens":0,"output_tokens":0,)"
         R"("cost_usd":"0"},)"
         R"({"id":"t3","worker":"reader","status":"failed","attempts":1,)"
         R"("result":null,"error":{"code":"connection_lost",)"
         R"("message":"It broke."},"started_s":1E-1,"finished_s":1.2E-1,)"
         R"("input_tokens":0,"output_tokens":0,"cost_usd":"0.00000000004"}],)"
         R"("usage":{"calls":2,"input_tokens":10,"output_tokens":5},)"
         R"("cost":{"spent_usd":"0.00000000007","ceiling_usd":"0.000000001",)"
         R"("charged_in_full_usd":"0.00000000004","charged_tokens":0,)"
         R"("tokens_max":null,"calls_max":null,)"
         R"("by":[{"role":"planner","task":null,"attempt":1,"model":"fast",)"
         R"("usd":"0.00000000003","in_doubt":false},)"
         R"({"role":"worker","task":"t3","attempt":1,"model":"fast",)"
         R"("usd":"0.00000000004","in_doubt":true}]},)"
         R"("kpis":{"wall_s":7E-1,"critical_path_s":6.5E-1,"fan_out":3,)"
         R"("task_error_rate":3.33E-1},)"
         R"("guarantees":{"estimate":"strict","overshoot_max_usd":"0",)"
         R"("prices":"billed","journal":"memory"}})");
}

BOOST_AUTO_TEST_CASE(a_run_without_a_plan_shows_its_faults_and_nulls) {
  run_story story;
  story.submit().then(
      events::plan_rejected{0, {{"bad_id", "/tasks/0/id", "Use letters."}}});
  story.then(
      events::run_finished{run_status::failed, "plan_rejected", "Bad.", {}}, 9);
  const auto report = json_of(story);
  BOOST_TEST(report.at("answer").is_null());
  BOOST_TEST(report.at("plan").at("analysis").is_null());
  BOOST_TEST(report.at("plan").at("tasks").as_array().empty());
  BOOST_TEST(report.at("tasks").as_array().empty());
  BOOST_TEST(json::serialize(report.at("plan").at("faults"))
             == R"([{"code":"bad_id","pointer":"/tasks/0/id",)"
                R"("message":"Use letters."}])");
  BOOST_TEST(report.at("kpis").at("fan_out").to_number<int>() == 0);
  BOOST_TEST(report.at("kpis").at("critical_path_s").as_double() == 0.009);
}

BOOST_AUTO_TEST_CASE(a_run_that_stands_still_hides_no_running_subtask) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2")});
  story.then(events::task_started{"t1", 1});
  story.then(events::run_suspended{"interrupt"});
  const auto report = json_of(story);
  const auto& first = report.at("tasks").at(0);
  BOOST_TEST(first.at("status").as_string() == "not_started");
  BOOST_TEST(first.at("attempts").to_number<int>() == 1);
  BOOST_TEST(first.at("finished_s").is_null());
  BOOST_TEST(report.at("tasks").at(1).at("started_s").is_null());
  BOOST_TEST(report.at("status").as_string() == "suspended");
  BOOST_TEST(report.at("reason").as_string() == "interrupt");
  BOOST_TEST(report.at("message").is_null());
}

BOOST_AUTO_TEST_CASE(a_plan_that_waits_says_what_it_costs_and_until_when) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2", {"t1"})});
  story.then(events::approval_requested{
      60'000, {1'000'000}, {2'000'000}, {3'000'000}, {"t1", "t2"}});
  const auto asked_wall_ms = story.events.back().wall_ms;
  story.then(events::run_suspended{"approval"});
  const auto waits = json_of(story).at("approval");
  BOOST_TEST(json::serialize(waits)
             == R"({"decision":null,"by":null,"comment":null,)"
                R"("cost_low_usd":"0.000001","cost_expected_usd":"0.000002",)"
                R"("cost_worst_usd":"0.000003","critical_path":["t1","t2"],)"
                R"("expires_unix_ms":)"
                    + std::to_string(asked_wall_ms + 60'000) + "}");
  BOOST_TEST(exit_code_of(report_of(story)) == 130);
  story.then(events::approval_given{"rejected", "ann", "too dear"});
  const auto given = json_of(story).at("approval");
  BOOST_TEST(given.at("decision").as_string() == "rejected");
  BOOST_TEST(given.at("by").as_string() == "ann");
  BOOST_TEST(given.at("comment").as_string() == "too dear");
  BOOST_TEST(given.at("expires_unix_ms").is_null());
}

BOOST_AUTO_TEST_CASE(a_skipped_subtask_names_what_was_missing) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2", {"t1"})});
  story.then(events::task_skipped{"t2", {"t1", "t0"}});
  const auto error = json_of(story).at("tasks").at(1).at("error");
  BOOST_TEST(error.at("code").as_string() == "dependency_missing");
  BOOST_TEST(error.at("message").as_string().ends_with("t1, t0"));
}

BOOST_AUTO_TEST_CASE(an_empty_result_is_a_result) {
  run_story story;
  story.submit().accept({planned("t1")});
  story.then(events::task_started{"t1", 1});
  story.then(events::task_succeeded{"t1", 1, {}});
  BOOST_TEST(json_of(story).at("tasks").at(0).at("result").is_string());
}

BOOST_AUTO_TEST_CASE(the_bill_adds_up_to_what_was_spent) {
  const std::uint64_t seed = 12;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 200; ++round) {
    run_story story;
    story.submit().accept({planned("t1"), planned("t2")});
    const auto calls = random() % 30;
    for (std::uint64_t id = 1; id <= calls; ++id) {
      const auto task = "t" + std::to_string(1 + random() % 2);
      const auto amount = static_cast<std::int64_t>(random() % 1'000'000);
      story.intend(id, call_role::worker, task, amount,
                   static_cast<std::uint32_t>(1 + random() % 2));
      if (random() % 4 == 0)
        story.then(events::call_in_doubt{call_id{id}, {amount}, ""});
      else if (random() % 4 != 0)
        story.settle(id, amount / 2);
    }
    const auto report = json_of(story);
    const auto& cost = report.at("cost");
    pico_usd sum;
    std::set<std::string> lines;
    for (const auto& line : cost.at("by").as_array()) {
      sum += parse_usd(line.at("usd").as_string()).value();
      auto key = line.as_object();
      key.erase("usd");
      lines.insert(json::serialize(key));
    }
    BOOST_TEST_REQUIRE(cost.at("spent_usd").as_string() == to_decimal(sum),
                       "seed " << seed << ", round " << round);
    // One line for each (role, task, attempt, model, in_doubt).
    BOOST_TEST_REQUIRE(lines.size() == cost.at("by").as_array().size());
    pico_usd of_tasks;
    for (const auto& task : report.at("tasks").as_array())
      of_tasks += parse_usd(task.at("cost_usd").as_string()).value();
    BOOST_TEST_REQUIRE((of_tasks == sum));
  }
}

BOOST_AUTO_TEST_CASE(the_bill_keeps_apart_what_differs_in_anything) {
  run_story story;
  story.submit().accept({planned("t1"), planned("t2")});
  story.intend(1, call_role::worker, "t1", 9).settle(1, 1);
  story.intend(2, call_role::worker, "t1", 9).settle(2, 2);
  story.intend(3, call_role::worker, "t1", 4);
  story.then(events::call_in_doubt{call_id{3}, {4}, ""});
  story.intend(4, call_role::worker, "t1", 9, 2).settle(4, 8);
  story.intend(5, call_role::worker, "t2", 9).settle(5, 9);
  story.intend(6, call_role::planner, "", 9).settle(6, 9);
  story.intend(7, call_role::synthesizer, "", 9).settle(7, 9);
  story.intend(8, call_role::synthesizer, "", 9);
  const auto report = json_of(story);
  const auto& by = report.at("cost").at("by").as_array();
  BOOST_REQUIRE_EQUAL(by.size(), 6U);
  BOOST_TEST(by[0].at("usd").as_string() == to_decimal({3}));
  BOOST_TEST(!by[0].at("in_doubt").as_bool());
  BOOST_TEST(by[1].at("usd").as_string() == to_decimal({4}));
  BOOST_TEST(by[1].at("in_doubt").as_bool());
  BOOST_TEST(by[2].at("attempt").to_number<int>() == 2);
  BOOST_TEST(by[5].at("role").as_string() == "synthesizer");
}

BOOST_AUTO_TEST_CASE(the_critical_path_follows_the_longest_chain) {
  run_story story;
  story.submit().accept({planned("d", {"b", "c"}), planned("a"),
                         planned("b", {"a"}), planned("c", {"a"})},
                        1000);
  story.work("a", 10).work("b", 20).work("c", 300).work("d", 4000);
  story.then(events::synthesis_started{"llm", 4, 0}, 7);
  story.then(events::synthesis_succeeded{shared_text{"x"}}, 50'000);
  const auto kpis = kpis_of(story.state);
  BOOST_TEST(kpis.critical_path_ms == 1000 + 10 + 300 + 4000 + 50'000);
  BOOST_TEST(kpis.wall_ms == 1000 + 10 + 20 + 300 + 4000 + 7 + 50'000);
  BOOST_TEST(kpis.fan_out == 4U);
  BOOST_TEST(kpis.task_error_permille == 0U);
}

BOOST_AUTO_TEST_CASE(a_cyclic_plan_ends_the_reckoning_all_the_same) {
  run_story story;
  story.submit().accept({planned("a", {"b"}), planned("b", {"a"})});
  story.work("a", 10).work("b", 10);
  BOOST_TEST(kpis_of(story.state).critical_path_ms <= 20);
}

BOOST_AUTO_TEST_CASE(the_error_rate_counts_only_what_ran) {
  run_story story;
  story.submit().accept({planned("a"), planned("b"), planned("c", {"a"})});
  BOOST_TEST(kpis_of(story.state).task_error_permille == 0U);
  story.then(events::task_started{"a", 1});
  story.then(events::task_failed{"a", 1, "refused", ""});
  story.then(events::task_skipped{"c", {"a"}});
  BOOST_TEST(kpis_of(story.state).task_error_permille == 1000U);
  story.work("b", 1);
  BOOST_TEST(kpis_of(story.state).task_error_permille == 500U);
}

BOOST_AUTO_TEST_CASE(an_answer_with_all_subtasks_is_code_0) {
  BOOST_TEST(exit_code_of(report_of(ended("", "Yes.", run_status::succeeded)))
             == 0);
  // A planner's own answer has no subtasks.
  run_story story;
  story.submit().accept({});
  story.then(
      events::run_finished{run_status::succeeded, "", "", shared_text{"42"}});
  BOOST_TEST(exit_code_of(report_of(story)) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_with_gaps_is_code_5_whatever_the_reason) {
  BOOST_TEST(exit_code_of(report_of(partial_run())) == 5);
  for (const auto* reason : {"over_budget", "deadline", "provider"}) {
    run_story story;
    story.submit().accept({planned("t1"), planned("t2")}).work("t1", 5);
    story.then(events::run_finished{run_status::partial, reason, "",
                                    shared_text{"Some."}});
    BOOST_TEST(exit_code_of(report_of(story)) == 5, reason);
  }
}

BOOST_AUTO_TEST_CASE(without_an_answer_the_reason_is_the_code) {
  const std::pair<const char*, int> codes[] = {
      {"plan_rejected", 4}, {"over_budget", 6},
      {"provider", 7},      {"deadline", 8},
      {"task_failed", 1},   {"cancelled", 1},
      {"aborted", 1},       {"synthesis_failed", 1},
      {"internal", 1},      {"", 1}};
  for (auto [reason, code] : codes)
    BOOST_TEST(exit_code_of(report_of(ended(reason))) == code, reason);
}

BOOST_AUTO_TEST_CASE(a_suspended_run_is_code_130) {
  run_story story;
  story.submit().then(events::run_suspended{"interrupt"});
  BOOST_TEST(exit_code_of(report_of(story)) == 130);
}

BOOST_AUTO_TEST_SUITE_END()
