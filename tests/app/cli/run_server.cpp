// `brigade run` against a Chat Completions server, healthy and not.
#include "../scratch_folder.hpp"
#include "chat_server.hpp"
#include "process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* key = "sk-test-0123456789abcdef";

constexpr std::string_view good_plan =
    R"({"analysis": "Two parts.", "answer": null, "tasks": [
    {"id": "t1", "worker": "researcher", "depends_on": [], "inputs": [],
     "description": "Gather the list prices of the three vendors.",
     "context": "", "expected_output": ""},
    {"id": "t2", "worker": "researcher", "depends_on": ["t1"], "inputs": [],
     "description": "Rank those vendors by what their support contract costs.",
     "context": "", "expected_output": ""}]})";

bool is_planner(std::string_view body) {
  return body.find("json_schema") != std::string_view::npos;
}

struct fixture {
  scratch_folder folder;

  std::string crew(const std::string& base_url,
                   const std::string& limits = {}) {
    return folder.write(
        "crew.toml",
        "[limits]\nbackoff_base_ms = 1\nbackoff_max_ms = 2\n" + limits
            + "\n[providers.local]\nkind = \"openai\"\nbase_url = \"" + base_url
            + "\"\napi_key = \"env:BRIGADE_TEST_KEY\"\n"
              "[models.fast]\nprovider = \"local\"\nname = \"m\"\n"
              "input_usd_per_mtok = 0.75\noutput_usd_per_mtok = 4.5\n"
              "[planner]\nmodel = \"fast\"\n"
              "[workers.researcher]\nmodel = \"fast\"\n"
              "description = \"Gathers facts and sources\"\n"
              "prompt = \"Work on the subtask.\"\n"
              "[synthesizer]\nmodel = \"fast\"\nprompt = \"Join the "
              "results.\"\n");
  }

  process_options options(const std::string& crew_file,
                          std::vector<std::string> more = {}) {
    process_options out;
    out.args = {"run", "Compare the three vendors", "-c", crew_file};
    out.args.insert(out.args.end(), more.begin(), more.end());
    out.environment = {{"BRIGADE_TEST_KEY", key}};
    return out;
  }

  process_result run(const std::string& crew_file,
                     std::vector<std::string> more = {}) {
    auto result = process{options(crew_file, std::move(more))}.finish();
    BOOST_TEST(result.out.find(key) == std::string::npos);
    BOOST_TEST(result.err.find(key) == std::string::npos);
    BOOST_TEST_MESSAGE(result.err);
    return result;
  }

  /// Every call gets this answer.
  process_result always(raw_answer answer, const std::string& limits = {}) {
    chat_server server{[answer](std::string_view) { return answer; }};
    return run(crew(server.base_url(), limits));
  }
};

raw_answer healthy(std::string_view body) {
  return chat_answer(is_planner(body) ? good_plan : "The vendors differ.");
}

std::string status_of(const process_result& result) {
  boost::json::error_code error;
  auto report = boost::json::parse(result.out, error);
  BOOST_TEST_REQUIRE(!error.failed());
  return std::string{report.at("status").as_string()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(run_server, fixture)

BOOST_AUTO_TEST_CASE(a_healthy_server_gives_an_answer_and_a_bill) {
  chat_server server{healthy};
  auto result = run(crew(server.base_url()));
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.out == "The vendors differ.\n");
  BOOST_TEST(result.says("plan: 2 subtasks, depth 2"));
  BOOST_TEST(result.says("subtasks 2/2"));
  BOOST_TEST(result.says("of $0.50"));
  BOOST_TEST(server.requests() == 4);
}

BOOST_AUTO_TEST_CASE(plan_only_makes_one_call) {
  chat_server server{healthy};
  auto result = run(crew(server.base_url()), {"--plan-only"});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(server.requests() == 1);
  BOOST_TEST(boost::json::parse(result.out).at("tasks").as_array().size()
             == 2U);
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_code_7_and_still_a_report) {
  chat_server server{healthy};
  auto file = crew(server.base_url());
  auto result = brigade({"run", "goal", "-c", file, "--json"});
  BOOST_TEST(result.exit_code == 7);
  BOOST_TEST(result.says("BRIGADE_TEST_KEY"));
  BOOST_TEST(status_of(result) == "failed");
  BOOST_TEST(server.requests() == 0);
  // `check` needs no key.
  auto checked = brigade({"check", file});
  BOOST_TEST(checked.exit_code == 0);
  BOOST_TEST(checked.out.find("$0.75 in, $4.50 out per million")
             != std::string::npos);
  BOOST_TEST(checked.out.find("plan call") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_asks_for_the_server) {
  closed_port port;
  auto result = run(crew(port.base_url()));
  BOOST_TEST(result.exit_code == 7);
  BOOST_TEST(result.says("is the server up?"));
  BOOST_TEST(result.says(port.base_url()));
}

BOOST_AUTO_TEST_CASE(a_refused_key_names_where_it_is_from) {
  auto result = always(http_answer(
      401, std::string{R"({"error":{"message":"bad key )"} + key + "\"}}"));
  BOOST_TEST(result.exit_code == 7);
  BOOST_TEST(result.says("env:BRIGADE_TEST_KEY"));
}

BOOST_AUTO_TEST_CASE(html_and_cut_json_are_the_providers_fault) {
  auto html = always(http_answer(200, "<html>login</html>", "text/html"));
  BOOST_TEST(html.exit_code == 7);
  BOOST_TEST(html.says("OpenAI-compatible"));
  auto cut = always(http_answer(200, R"({"choices": [{"mess)"));
  BOOST_TEST(cut.exit_code == 7);
  BOOST_TEST(cut.out == "");
}

BOOST_AUTO_TEST_CASE(a_rejected_plan_is_code_4_with_all_faults) {
  auto result = always(chat_answer(R"({"analysis": "", "tasks": []})"));
  BOOST_TEST(result.exit_code == 4);
  BOOST_TEST(result.says("plan rejected"));
  BOOST_TEST(result.says("proposals had"));
}

BOOST_AUTO_TEST_CASE(a_ceiling_that_is_too_low_is_code_6) {
  chat_server server{healthy};
  auto result = run(crew(server.base_url()), {"--max-cost", "0.0001"});
  BOOST_TEST(result.exit_code == 6);
  BOOST_TEST(result.says("--max-cost"));
  BOOST_TEST(server.requests() == 0);
}

BOOST_AUTO_TEST_CASE(an_expired_deadline_is_code_8) {
  raw_answer silence;
  silence.silent = true;
  auto result = always(silence, "run_deadline_s = 0.3\n");
  BOOST_TEST(result.exit_code == 8);
  BOOST_TEST(result.says("limits.run_deadline_s"));
}

BOOST_AUTO_TEST_CASE(a_failed_subtask_makes_a_gap_and_code_5) {
  chat_server server{[](std::string_view body) {
    if (body.find("Rank those vendors") != std::string_view::npos
        && !is_planner(body)
        && body.find("Join the results") == std::string_view::npos) {
      return http_answer(400, R"({"error":{"message":"no"}})");
    }
    return healthy(body);
  }};
  auto result = run(crew(server.base_url()));
  BOOST_TEST(result.exit_code == 5);
  BOOST_TEST(result.says("t2 researcher failed"));
  BOOST_TEST(!result.out.empty());
}

BOOST_AUTO_TEST_CASE(an_interrupt_suspends_and_says_what_that_means) {
  chat_server server{[](std::string_view body) {
    if (is_planner(body)) {
      return healthy(body);
    }
    raw_answer silence;
    silence.silent = true;
    return silence;
  }};
  process child{options(crew(server.base_url()),
                        {"--json", "-o", folder.path("report.json")})};
  BOOST_TEST_REQUIRE(child.wait_for("t1 researcher started"));
  child.send_signal(SIGINT);
  auto result = child.finish();
  BOOST_TEST(result.exit_code == 130);
  BOOST_TEST(result.says("suspending"));
  BOOST_TEST(result.says("brigade resume "));
  result.out = scratch_folder::read(folder.path("report.json"));
  BOOST_TEST(status_of(result) == "suspended");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_leaves_no_half_written_file) {
  chat_server server{[](std::string_view) {
    raw_answer silence;
    silence.silent = true;
    return silence;
  }};
  auto path = folder.path("out.md");
  process child{options(crew(server.base_url()), {"-o", path})};
  BOOST_TEST_REQUIRE(child.wait_for("goal: "));
  child.send_signal(SIGTERM);
  auto result = child.finish();
  BOOST_TEST(result.exit_code == 130);
  // The crew file alone.
  BOOST_TEST(folder.count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
