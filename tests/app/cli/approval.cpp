// Plans that wait for approval, as a user sees them: real processes on a state
// directory, and a server that counts what it is asked.
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

using strings = std::vector<std::string>;

constexpr std::string_view two_tasks =
    R"({"analysis": "Two parts.", "answer": null, "tasks": [
    {"id": "t1", "worker": "researcher", "depends_on": [], "inputs": [],
     "description": "Gather the list prices of the three vendors.",
     "context": "", "expected_output": ""},
    {"id": "t2", "worker": "researcher", "depends_on": ["t1"], "inputs": [],
     "description": "Rank those vendors by what their support contract costs.",
     "context": "", "expected_output": ""}]})";

constexpr std::string_view one_task =
    R"({"analysis": "One part.", "tasks": [
    {"id": "t9", "worker": "researcher", "depends_on": [], "inputs": [],
     "description": "Gather the delivery times of the three vendors."}]})";

bool is_planner(std::string_view body) {
  return body.find("json_schema") != std::string_view::npos;
}

raw_answer healthy(std::string_view body) {
  return chat_answer(is_planner(body) ? two_tasks : "The vendors differ.");
}

/// Answers the planner only.
raw_answer stuck(std::string_view body) {
  auto answer = healthy(body);
  answer.silent = !is_planner(body);
  return answer;
}

/// One state directory, one server.
struct fixture {
  explicit fixture(chat_server::answer_fn answer = healthy,
                   const std::string& limits = {})
      : server(std::move(answer)) {
    crew = folder.write(
        "crew.toml",
        "[limits]\n" + limits + "\n[providers.local]\nkind = \"openai\"\n"
            + "base_url = \"" + server.base_url()
            + "\"\n[models.fast]\nprovider = \"local\"\nname = \"m\"\n"
              "input_usd_per_mtok = 0.75\noutput_usd_per_mtok = 4.5\n"
              "[planner]\nmodel = \"fast\"\n"
              "[workers.researcher]\nmodel = \"fast\"\n"
              "description = \"Gathers facts and sources\"\n"
              "prompt = \"Work on the subtask.\"\n"
              "[synthesizer]\nmodel = \"fast\"\nprompt = \"Join the "
              "results.\"\n");
  }

  process_options options(strings args) const {
    process_options out;
    out.args = std::move(args);
    out.args.emplace_back("--state");
    out.args.push_back(folder.path("state"));
    return out;
  }

  process_options run_options(const strings& more = {"--approve"}) const {
    strings args{"run", "Compare the three vendors", "-c", crew};
    args.insert(args.end(), more.begin(), more.end());
    return options(std::move(args));
  }

  process_result call(strings args) const {
    auto result = process{options(std::move(args))}.finish();
    BOOST_TEST_MESSAGE(result.err);
    return result;
  }

  /// Begins a run that then waits.
  process_result begin() const {
    auto result = process{run_options()}.finish();
    BOOST_TEST_MESSAGE(result.err);
    BOOST_TEST(result.exit_code == 130);
    return result;
  }

  boost::json::value report() const {
    return boost::json::parse(call({"show", "last", "--json"}).out);
  }

  std::string status() const {
    return std::string{report().at("status").as_string()};
  }

  scratch_folder folder;
  chat_server server;
  std::string crew;
};

} // namespace

BOOST_AUTO_TEST_SUITE(approval)

BOOST_AUTO_TEST_CASE(a_run_waits_and_goes_on_once_it_is_approved) {
  const fixture f;
  const auto waits = f.begin();
  BOOST_TEST(waits.says("the plan waits for approval until"));
  BOOST_TEST(waits.says("critical path: t1, t2"));
  BOOST_TEST(waits.says("brigade approve "));
  BOOST_TEST(waits.says(" --state "));
  BOOST_TEST(waits.out.empty());
  BOOST_TEST(f.server.requests() == 1);
  // Nobody else sets it going.
  const auto resumed = f.call({"resume", "last"});
  BOOST_TEST(resumed.exit_code == 130);
  BOOST_TEST(resumed.says("brigade approve "));
  BOOST_TEST(f.server.requests() == 1);
  const auto done = f.call({"approve", "last", "--comment", "fine"});
  BOOST_TEST(done.exit_code == 0);
  BOOST_TEST(done.out == "The vendors differ.\n");
  BOOST_TEST(f.server.requests() == 4);
  const auto report = f.report();
  BOOST_TEST(report.at("approval").at("decision").as_string() == "approved");
  BOOST_TEST(report.at("approval").at("comment").as_string() == "fine");
  BOOST_TEST(f.call({"approve", "last"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(a_crew_can_ask_without_an_option) {
  const fixture f{healthy, "approval = \"plan\""};
  BOOST_TEST(process{f.run_options({})}.finish().exit_code == 130);
  BOOST_TEST(f.status() == "suspended");
  // A plan alone needs nobody's word.
  BOOST_TEST(process{f.run_options({"--plan-only"})}.finish().exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_rejected_or_cancelled_run_ends_and_buys_nothing) {
  for (const char* verb : {"reject", "cancel"}) {
    const fixture f;
    f.begin();
    const auto ended = f.call({verb, "last", "--comment", "too dear"});
    BOOST_TEST(ended.exit_code == 0);
    BOOST_TEST(ended.says("has ended: cancelled"));
    BOOST_TEST(f.server.requests() == 1);
    BOOST_TEST(f.status() == "cancelled");
    BOOST_TEST(f.call({"approve", "last"}).exit_code == 2);
    BOOST_TEST(f.call({"cancel", "last"}).exit_code == 2);
  }
}

BOOST_AUTO_TEST_CASE(
    a_plan_with_faults_changes_nothing_and_a_good_one_is_used) {
  const fixture f;
  f.begin();
  const auto wrong = f.folder.write(
      "wrong.json", R"({"analysis":"x","tasks":[{"id":"t1","worker":"nobody",
        "description":"x","depends_on":["t7"]}]})");
  const auto refused = f.call({"approve", "last", "--plan", wrong});
  BOOST_TEST(refused.exit_code == 4);
  BOOST_TEST(refused.says("unknown_worker"));
  BOOST_TEST(refused.says("unknown_dependency"));
  BOOST_TEST(refused.says("waits as before"));
  BOOST_TEST(f.status() == "suspended");
  const auto good = f.folder.write("good.json", one_task);
  const auto done = f.call({"approve", "last", "--plan", good, "--json"});
  BOOST_TEST(done.exit_code == 0);
  const auto report = boost::json::parse(done.out);
  BOOST_TEST(report.at("tasks").as_array().size() == 1u);
  BOOST_TEST(report.at("approval").at("decision").as_string() == "edited");
  BOOST_TEST(f.server.requests() == 3);
}

BOOST_AUTO_TEST_CASE(the_plan_that_waits_can_be_printed_and_given_back) {
  const fixture f;
  f.begin();
  const auto printed = f.call({"show", "last", "--plan"});
  BOOST_TEST(printed.exit_code == 0);
  const auto same = f.folder.write("same.json", printed.out);
  BOOST_TEST(f.call({"approve", "last", "--plan", same}).exit_code == 0);
  BOOST_TEST(f.server.requests() == 4);
}

BOOST_AUTO_TEST_CASE(an_approval_that_comes_too_late_ends_the_run) {
  const fixture f{healthy, "approval_timeout_s = 0.001"};
  f.begin();
  const auto late = f.call({"approve", "last"});
  BOOST_TEST(late.exit_code == 1);
  BOOST_TEST(late.says("nobody approved the plan within"));
  BOOST_TEST(f.server.requests() == 1);
  BOOST_TEST(f.report().at("reason").as_string() == "approval_expired");
}

BOOST_AUTO_TEST_CASE(a_run_that_does_not_wait_takes_no_word_about_its_plan) {
  const fixture f{stuck};
  process child{f.run_options({})};
  BOOST_TEST_REQUIRE(child.wait_for("t1 researcher started"));
  child.send_signal(SIGINT);
  BOOST_TEST(child.finish().exit_code == 130);
  const auto bought = f.server.requests();
  for (const char* verb : {"approve", "reject"}) {
    const auto result = f.call({verb, "last"});
    BOOST_TEST(result.exit_code == 2);
    BOOST_TEST(result.says("does not wait for approval"));
  }
  const auto ended = f.call({"cancel", "last"});
  BOOST_TEST(ended.exit_code == 0);
  BOOST_TEST(f.status() == "cancelled");
  BOOST_TEST(f.server.requests() == bought);
}

BOOST_AUTO_TEST_CASE(a_run_of_another_process_is_cancelled_through_it) {
  const fixture f{stuck};
  process child{f.run_options({})};
  BOOST_TEST_REQUIRE(child.wait_for("t1 researcher started"));
  const auto refused = f.call({"reject", "last"});
  BOOST_TEST(refused.exit_code == 2);
  BOOST_TEST(refused.says("does not wait for approval"));
  const auto told = f.call({"cancel", "last"});
  BOOST_TEST(told.exit_code == 0);
  BOOST_TEST(told.says("ends run "));
  const auto ended = child.finish();
  BOOST_TEST(ended.exit_code == 1);
  BOOST_TEST(ended.says("the run was cancelled: user"));
  BOOST_TEST(f.status() == "cancelled");
}

BOOST_AUTO_TEST_CASE(without_a_terminal_and_a_journal_nobody_could_approve) {
  const fixture f;
  const auto refused =
      process{[&] {
        process_options out;
        out.args = {"run", "g", "-c", f.crew, "--approve", "--no-journal"};
        return out;
      }()}
          .finish();
  BOOST_TEST(refused.exit_code == 2);
  BOOST_TEST(refused.says("--no-journal"));
  BOOST_TEST(f.server.requests() == 0);
}

// -- at a terminal ------------------------------------------------------------

BOOST_AUTO_TEST_CASE(at_a_terminal_the_user_is_asked) {
  const fixture f;
  auto options = f.run_options();
  options.terminal_columns = 100;
  process child{options};
  BOOST_TEST_REQUIRE(child.wait_for("Go on? [y]es / [n]o / [e]dit"));
  BOOST_TEST(f.server.requests() == 1);
  child.type("what\ny\n");
  const auto done = child.finish();
  BOOST_TEST(done.exit_code == 0);
  BOOST_TEST(done.out.find("The vendors differ.") != std::string::npos);
  BOOST_TEST(f.server.requests() == 4);
}

BOOST_AUTO_TEST_CASE(a_no_at_the_terminal_ends_the_run) {
  const fixture f;
  auto options = f.run_options();
  options.terminal_columns = 100;
  process child{options};
  BOOST_TEST_REQUIRE(child.wait_for("Go on?"));
  child.type("n\n");
  BOOST_TEST(child.finish().exit_code == 1);
  BOOST_TEST(f.server.requests() == 1);
  BOOST_TEST(f.status() == "cancelled");
}

BOOST_AUTO_TEST_CASE(a_plan_can_be_edited_at_the_terminal) {
  const fixture f;
  auto options = f.run_options();
  options.terminal_columns = 100;
  // First nonsense, then a plan.
  const auto good = f.folder.write("good.json", one_task);
  const auto seen = f.folder.path("seen");
  const auto editor =
      f.folder.write("editor.sh", "if [ -e " + seen + " ]; then cat " + good
                                      + " >\"$1\"; else touch " + seen
                                      + "; echo nonsense >\"$1\"; fi\n");
  options.environment = {{"VISUAL", "sh " + editor}};
  process child{options};
  BOOST_TEST_REQUIRE(child.wait_for("Go on?"));
  child.type("e\n");
  BOOST_TEST_REQUIRE(child.wait_for("the plan has 1 fault"));
  child.type("e\n");
  BOOST_TEST_REQUIRE(child.wait_for("t9 researcher"));
  child.type("y\n");
  BOOST_TEST(child.finish().exit_code == 0);
  BOOST_TEST(f.report().at("approval").at("decision").as_string() == "edited");
  BOOST_TEST(f.server.requests() == 3);
}

BOOST_AUTO_TEST_CASE(a_process_killed_while_it_asks_costs_no_second_plan) {
  const fixture f;
  auto options = f.run_options();
  options.terminal_columns = 100;
  process child{options};
  BOOST_TEST_REQUIRE(child.wait_for("Go on?"));
  child.send_signal(SIGKILL);
  child.finish();
  BOOST_TEST(f.status() == "suspended");
  BOOST_TEST(f.call({"approve", "last"}).exit_code == 0);
  BOOST_TEST(f.server.requests() == 4);
}

BOOST_AUTO_TEST_CASE(an_interrupt_at_the_question_leaves_the_run_waiting) {
  const fixture f;
  auto options = f.run_options();
  options.terminal_columns = 100;
  process child{options};
  BOOST_TEST_REQUIRE(child.wait_for("Go on?"));
  child.send_signal(SIGINT);
  const auto left = child.finish();
  BOOST_TEST(left.exit_code == 130);
  BOOST_TEST(left.out.find("brigade approve ") != std::string::npos);
  BOOST_TEST(f.status() == "suspended");
}

BOOST_AUTO_TEST_SUITE_END()
