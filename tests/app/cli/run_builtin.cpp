// `brigade run` with the built-in model: no key, no network.
#include "../scratch_folder.hpp"
#include "process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace {

struct fixture {
  scratch_folder folder;
  std::string notes = folder.write(
      "notes.md",
      "# Pump P-7\n\nThe pump P-7 delivers 40 litres per minute.\n\n"
      "It was installed in the boiler room in March 2021.\n\n"
      "The filter of the pump must be replaced every 6 months.\n");
  std::string memo = folder.write(
      "memo.txt", "Memo on maintenance.\n\nThe filter of the pump is replaced "
                  "every 12 months.\nThe pump is inspected by Ms Lind.\n");
  std::string goal = "How often must the filter of the pump be replaced?";

  process_result run(std::vector<std::string> more) {
    std::vector<std::string> args{"run", goal,      "--input",
                                  notes, "--input", memo};
    args.insert(args.end(), more.begin(), more.end());
    return brigade(args);
  }
};

boost::json::value json_of(const std::string& text) {
  boost::json::error_code error;
  auto value = boost::json::parse(text, error);
  BOOST_TEST_REQUIRE(!error.failed(), text);
  return value;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(run_builtin, fixture)

BOOST_AUTO_TEST_CASE(the_answer_is_on_stdout_and_the_rest_on_stderr) {
  auto result = run({});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(has(result.out, "filter"));
  BOOST_TEST(has(result.out, notes + ":"));
  BOOST_TEST(!has(result.out, "done in"));
  BOOST_TEST(result.says("plan: "));
  BOOST_TEST(result.says("done in"));
  BOOST_TEST(result.says("cost $0.0000 of $0.50"));
  BOOST_TEST(!result.says("journal: memory"));
  BOOST_TEST(!has(result.err, "\x1b"));
}

BOOST_AUTO_TEST_CASE(without_a_journal_it_says_so) {
  auto result = run({"--no-journal"});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.says("journal: memory"));
}

BOOST_AUTO_TEST_CASE(quiet_leaves_stderr_empty) {
  auto result = run({"--quiet"});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.err == "");
  BOOST_TEST(!result.out.empty());
}

BOOST_AUTO_TEST_CASE(json_is_one_report) {
  auto result = run({"--json", "-q"});
  BOOST_TEST(result.exit_code == 0);
  auto report = json_of(result.out);
  BOOST_TEST(report.at("status").as_string() == "succeeded");
  BOOST_TEST(report.at("goal").as_string() == goal);
  BOOST_TEST(report.at("cost").at("spent_usd").as_string() == "0");
  BOOST_TEST(!report.at("answer").as_string().empty());
  BOOST_TEST(report.at("guarantees").at("journal").as_string() == "durable");
}

BOOST_AUTO_TEST_CASE(the_goal_comes_from_stdin_or_a_file_too) {
  auto from_stdin = brigade({"run", "-", "-q", "-i", notes}, goal + "\n");
  BOOST_TEST(from_stdin.exit_code == 0);
  auto file = folder.write("goal.txt", goal);
  auto from_file = brigade({"run", "-f", file, "-q", "-i", notes});
  BOOST_TEST(from_file.exit_code == 0);
  BOOST_TEST(from_stdin.out == from_file.out);
}

BOOST_AUTO_TEST_CASE(an_output_file_is_written_whole_and_stdout_is_empty) {
  auto path = folder.path("report.md");
  auto result = run({"-o", path});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.out == "");
  BOOST_TEST(has(scratch_folder::read(path), "filter"));
  BOOST_TEST(folder.count() == 3U);
}

BOOST_AUTO_TEST_CASE(a_printed_plan_can_be_used_again) {
  auto planned = run({"--plan-only", "-q"});
  BOOST_TEST(planned.exit_code == 0);
  BOOST_TEST(!json_of(planned.out).at("tasks").as_array().empty());
  auto file = folder.write("plan.json", planned.out);
  auto again = run({"--plan", file, "-q"});
  BOOST_TEST(again.exit_code == 0);
  BOOST_TEST(again.out == run({"-q"}).out);
  auto printed = run({"--plan", file, "--plan-only", "-q"});
  BOOST_TEST(printed.out == planned.out);
}

BOOST_AUTO_TEST_CASE(a_spoiled_plan_is_refused_with_all_its_faults) {
  auto file = folder.write("plan.json",
                           R"({"analysis": "x", "tasks": [
      {"id": "a", "worker": "nobody", "depends_on": ["ghost"],
       "description": "Gather what the notes say about the filter."}]})");
  auto result = run({"--plan", file, "--json"});
  BOOST_TEST(result.exit_code == 4);
  BOOST_TEST(result.says("unknown_worker"));
  BOOST_TEST(result.says("unknown_dependency"));
  BOOST_TEST(result.says("/tasks/0/worker"));
  auto report = json_of(result.out);
  BOOST_TEST(report.at("status").as_string() == "failed");
  BOOST_TEST(report.at("reason").as_string() == "plan_rejected");
  BOOST_TEST(report.at("plan").at("faults").as_array().size() >= 2U);
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_not_json_is_refused) {
  auto file = folder.write("plan.json", "not a plan");
  auto result = run({"--plan", file});
  BOOST_TEST(result.exit_code == 4);
  BOOST_TEST(result.says("not_json"));
  BOOST_TEST(result.out == "");
}

BOOST_AUTO_TEST_CASE(settings_of_the_built_in_crew_can_be_overridden) {
  auto result = run({"--set", "limits.cost_usd=0.02"});
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.says("of $0.02"));
  auto lowered = run({"--max-cost", "0.01"});
  BOOST_TEST(lowered.says("of $0.01"));
  auto wrong = run({"--set", "limits.task_max=4"});
  BOOST_TEST(wrong.exit_code == 3);
  BOOST_TEST(wrong.says("tasks_max"));
}

BOOST_AUTO_TEST_CASE(a_run_without_documents_says_what_is_missing) {
  auto result = brigade({"run", goal});
  BOOST_TEST(result.says("warning: the built-in model can only quote"));
  BOOST_TEST(!run({}).says("warning:"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_is_no_fault) {
  process_options options;
  options.args = {"run", goal, "-i", notes, "-q"};
  process child{options};
  child.close_stdout();
  auto result = child.finish();
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(result.err == "");
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_a_tree_and_its_cursor_back) {
  process_options options;
  options.args = {"run", goal, "-i", notes};
  options.terminal_columns = 60;
  auto result = process{options}.finish();
  BOOST_TEST(result.exit_code == 0);
  BOOST_TEST(has(result.out, "goal  How often"));
  BOOST_TEST(has(result.out, "\u2713"));
  BOOST_TEST(has(result.out, "done in"));
  BOOST_TEST(result.out.rfind("\x1b[?25h") != std::string::npos);
  BOOST_TEST(result.out.rfind("\x1b[?25h") > result.out.rfind("\x1b[?25l"));
}

BOOST_AUTO_TEST_CASE(no_color_keeps_the_tree_and_drops_the_colours) {
  for (bool by_environment : {false, true}) {
    process_options options;
    options.args = {"run", goal, "-i", notes};
    options.terminal_columns = 100;
    if (by_environment) {
      options.environment = {{"NO_COLOR", "1"}};
    } else {
      options.args.emplace_back("--no-color");
    }
    auto result = process{options}.finish();
    BOOST_TEST(has(result.out, "\x1b[?25h"));
    BOOST_TEST(!has(result.out, "\x1b[32m"));
    BOOST_TEST(!has(result.out, "\x1b[1m"));
  }
}

BOOST_AUTO_TEST_CASE(documents_cannot_control_the_terminal) {
  auto hostile =
      folder.write("hostile.md",
                   "The filter of the pump must be replaced \x1b[2J\x1b]0;x\x07"
                   "every 3 months.\n");
  process_options options;
  options.args = {"run", goal + "\x1b[31m", "-i", hostile};
  options.terminal_columns = 80;
  options.environment = {{"NO_COLOR", "1"}};
  auto result = process{options}.finish();
  BOOST_TEST(!has(result.out, "\x1b[2J"));
  BOOST_TEST(!has(result.out, "\x1b]0;"));
  BOOST_TEST(!has(result.out, "\x1b[31m"));
  BOOST_TEST(!has(result.out, "\x07"));
}

BOOST_AUTO_TEST_SUITE_END()
