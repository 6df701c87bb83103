#include "brigade/app/progress_text.hpp"

#include "sample_run.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using namespace brigade::app;

namespace {

/// The lines of the last event, joined by `|`.
std::string last(const sample_run& run) {
  std::string out;
  for (const auto& line : progress_lines(run.log.back(), run.state)) {
    out += (out.empty() ? "" : "|") + line;
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(progress_text)

BOOST_AUTO_TEST_CASE(a_good_run_tells_its_story) {
  sample_run run;
  run.submitted("Compare\n the offers");
  BOOST_TEST(last(run) == "goal: Compare the offers");
  run.planned(4, 2);
  BOOST_TEST(last(run) == "plan: 4 subtasks, depth 2");
  run.started("t1");
  BOOST_TEST(last(run) == "t1 extractor started");
  run.call(1, "t1", "m");
  BOOST_TEST(last(run) == "");
  run.settled(1);
  BOOST_TEST(last(run) == "");
  run.at(800).succeeded("t1");
  BOOST_TEST(last(run)
             == "t1 extractor succeeded in 0.8s  1.2k in 456 out  $0.0012");
  run.add(core::events::synthesis_started{"merge", 4, 1});
  BOOST_TEST(last(run) == "synthesis (merge): 4 results, 1 gap");
  run.finished(core::run_status::succeeded, "", "answer");
  BOOST_TEST(last(run) == "");
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_is_told_with_its_cause) {
  sample_run run;
  run.submitted().planned(3, 3).started("t1").call(1, "t1", "m");
  run.settled(1, core::outcome_code::overloaded, "HTTP 503");
  BOOST_TEST(last(run) == "t1 extractor: call failed: overloaded: HTTP 503");
  run.add(core::events::task_retried{"t1", 1, 500, "crashed", "lost"});
  BOOST_TEST(last(run) == "t1 extractor retries in 0.5s: crashed: lost");
  run.started("t1", 2);
  BOOST_TEST(last(run) == "t1 extractor started (attempt 2)");
  run.failed("t1", "timed_out", "no answer", 2);
  BOOST_TEST(last(run) == "t1 extractor failed: timed_out: no answer");
  run.add(core::events::task_skipped{"t2", {"t1"}});
  BOOST_TEST(last(run) == "t2 writer skipped: without t1");
}

BOOST_AUTO_TEST_CASE(a_rejected_plan_lists_its_faults_up_to_a_limit) {
  sample_run run;
  core::events::plan_rejected rejected;
  rejected.faults.push_back({"unknown_worker", "/tasks/0/worker", "use one"});
  run.submitted().add(rejected);
  BOOST_TEST(last(run)
             == "plan rejected: 1 fault|  /tasks/0/worker unknown_worker: use "
                "one");
  rejected.generation = 1;
  rejected.faults.assign(25, {"bad_id", "", "x"});
  run.add(rejected);
  auto lines = progress_lines(run.log.back(), run.state);
  BOOST_TEST(lines.size() == 22U);
  BOOST_TEST(lines.back() == "  and 5 more");
}

BOOST_AUTO_TEST_CASE(text_of_models_cannot_control_the_terminal) {
  sample_run run;
  run.submitted("goal \x1b[2J\x07").planned(1).started("t1");
  run.failed("t1", "refused", "\x1b]0;x\x07 \u202E\r\nnext line");
  for (const auto& e : run.log) {
    for (const auto& line : progress_lines(e, run.state)) {
      for (char c : line) {
        BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
      }
      BOOST_TEST(line.find("\u202E") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(events_that_name_unknown_subtasks_or_calls_are_told) {
  sample_run run;
  run.submitted();
  run.add(core::events::task_started{"ghost", 1});
  BOOST_TEST(last(run) == "ghost started");
  run.add(core::events::call_in_doubt{core::call_id{9}, {1}, "lost"});
  BOOST_TEST(last(run).starts_with("call: outcome of a call unknown"));
}

BOOST_AUTO_TEST_SUITE_END()
