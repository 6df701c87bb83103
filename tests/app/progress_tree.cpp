#include "brigade/app/progress_tree.hpp"

#include "brigade/app/terminal_text.hpp"
#include "sample_run.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::app;

namespace {

tree_view plain(std::size_t width, std::size_t height) {
  tree_view view;
  view.width = width;
  view.height = height;
  view.color = false;
  return view;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += line + "\n";
  }
  return out;
}

bool has(const std::vector<std::string>& lines, const std::string& part) {
  return joined(lines).find(part) != std::string::npos;
}

/// One subtask in each state.
sample_run mixed() {
  sample_run run;
  run.submitted().planned(7, 7);
  run.at(100).started("t1").call(1, "t1", "m").settled(1);
  run.at(900).succeeded("t1").started("t2").call(2, "t2", "m");
  run.started("t3").failed("t3", "timed_out", "no answer in time");
  run.add(core::events::task_skipped{"t4", {"t3"}});
  run.started("t5");
  run.add(core::events::task_retried{"t5", 1, 500, "crashed", "worker died"});
  run.started("t6");
  run.add(core::events::task_cancelled{"t6", 1, "deadline"});
  return run;
}

} // namespace

BOOST_AUTO_TEST_SUITE(progress_tree)

BOOST_AUTO_TEST_CASE(every_state_is_told_by_its_word) {
  auto run = mixed();
  auto view = plain(120, 24);
  view.now_ms = 2000;
  auto lines = render_tree(run.state, view);
  BOOST_TEST_MESSAGE(joined(lines));
  BOOST_TEST_REQUIRE(lines.size() == 10U);
  BOOST_TEST(lines[0] == "goal  Compare the three offers");
  BOOST_TEST(lines[1] == "plan  7 subtasks, depth 7");
  const std::vector<std::string> words = {"done",    "running",  "failed",
                                          "skipped", "retrying", "cancelled",
                                          "waiting"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    BOOST_TEST(lines[i + 2].find(words[i]) != std::string::npos, words[i]);
    BOOST_TEST(lines[i + 2].find("t" + std::to_string(i + 1))
               != std::string::npos);
  }
  BOOST_TEST(has(lines, "1.2k in 456 out"));
  BOOST_TEST(has(lines, "0.8s"));
  BOOST_TEST(has(lines, "1.1s"));
  BOOST_TEST(has(lines, "timed_out: no answer in time"));
  BOOST_TEST(has(lines, "without t3"));
  BOOST_TEST(lines.back()
             == "2.0s  subtasks 1/7  tokens 1.2k in 456 out  cost $0.0012 "
                "(+$0.0030 reserved) of $0.50");
}

BOOST_AUTO_TEST_CASE(a_waiting_subtask_says_what_it_waits_for) {
  sample_run run;
  run.submitted().planned(3, 3).started("t1");
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "after t1"));
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "after t2"));
}

BOOST_AUTO_TEST_CASE(an_attempt_above_the_first_is_counted) {
  sample_run run;
  run.submitted().planned(1).started("t1");
  BOOST_TEST(!has(render_tree(run.state, plain(80, 24)), "#"));
  run.add(core::events::task_retried{"t1", 1, 1, "crashed", ""});
  run.started("t1", 2);
  BOOST_TEST(has(render_tree(run.state, plain(80, 24)), "running #2"));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_is_shown_while_it_is) {
  sample_run run;
  run.submitted().planned(1).started("t1").call(1, "t1", "m");
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "Describe"));
  run.settled(1, core::outcome_code::overloaded, "HTTP 503");
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "overloaded, try 2"));
  run.call(2, "t1", "m");
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "overloaded, try 2"));
  run.settled(2).succeeded("t1");
  BOOST_TEST(has(render_tree(run.state, plain(100, 24)), "Describe"));
}

BOOST_AUTO_TEST_CASE(nothing_runs_in_a_suspended_run) {
  auto run = mixed();
  run.add(core::events::run_suspended{"interrupt"});
  auto lines = render_tree(run.state, plain(100, 0));
  BOOST_TEST(!has(lines, "running"));
  BOOST_TEST(!has(lines, "retrying"));
  BOOST_TEST(has(lines, "t2 writer    suspended"));
}

BOOST_AUTO_TEST_CASE(planning_and_repair_are_shown) {
  sample_run run;
  run.submitted();
  BOOST_TEST(has(render_tree(run.state, plain(80, 24)), "asking the planner"));
  core::events::plan_rejected rejected;
  rejected.faults.assign(2, {"bad_id", "/tasks/0/id", "x"});
  run.add(rejected);
  BOOST_TEST(has(render_tree(run.state, plain(80, 24)),
                 "1 proposal rejected (2 faults), asking for a repair"));
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_than_the_terminal_less_one) {
  auto run = mixed();
  for (std::size_t width = tree_width_min; width <= 140; ++width) {
    for (bool ascii : {false, true}) {
      auto view = plain(width, 24);
      view.ascii = ascii;
      for (const auto& line : render_tree(run.state, view)) {
        BOOST_TEST(display_width(line) <= width - 1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_description_is_readable_or_left_out) {
  auto run = mixed();
  bool seen = false;
  for (std::size_t width = tree_width_min; width <= 140; ++width) {
    auto line = render_tree(run.state, plain(width, 24))[2];
    auto note = line.find("  D");
    if (note != std::string::npos) {
      seen = true;
      BOOST_TEST(display_width(line.substr(note + 2)) >= 8U, line);
    } else {
      BOOST_TEST(!seen, "lost at width " << width);
    }
  }
  BOOST_TEST(seen);
}

BOOST_AUTO_TEST_CASE(sixty_columns_still_show_state_time_tokens_and_cost) {
  auto run = mixed();
  auto lines = render_tree(run.state, plain(60, 24));
  BOOST_TEST_MESSAGE(joined(lines));
  BOOST_TEST(lines[2].find("done") != std::string::npos);
  BOOST_TEST(lines[2].find("1.2k/456") != std::string::npos);
  BOOST_TEST(lines[2].find("$0.0012") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_plan_fits_every_height) {
  sample_run run;
  run.submitted().planned(40);
  for (int i = 1; i <= 30; ++i) {
    run.started("t" + std::to_string(i));
    if (i != 7) {
      run.succeeded("t" + std::to_string(i));
    }
  }
  run.started("t35");
  for (std::size_t height = 2; height <= 60; ++height) {
    auto lines = render_tree(run.state, plain(80, height));
    BOOST_TEST(lines.size() <= height - 1);
    BOOST_TEST(lines.back().find("subtasks 29/40") != std::string::npos);
  }
  auto lines = render_tree(run.state, plain(80, 15));
  BOOST_TEST_MESSAGE(joined(lines));
  // What runs stays in sight, in the order of the plan.
  BOOST_TEST(has(lines, "t7 "));
  BOOST_TEST(has(lines, "t35 "));
  BOOST_TEST(joined(lines).find("t7 ") < joined(lines).find("t35 "));
  BOOST_TEST(has(lines, "more:"));
  BOOST_TEST(lines.size() == 14U);
  BOOST_TEST(render_tree(run.state, plain(80, 0)).size() == 43U);
}

BOOST_AUTO_TEST_CASE(the_summary_counts_exactly_what_is_hidden) {
  sample_run run;
  run.submitted().planned(20);
  auto lines = render_tree(run.state, plain(80, 14));
  // 14 rows less 4 fixed ones: 9 subtasks and the summary.
  BOOST_TEST(has(lines, "11 more: 11 waiting"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_just_fits_is_shown_whole) {
  sample_run run;
  run.submitted().planned(10);
  BOOST_TEST(!has(render_tree(run.state, plain(80, 14)), "more:"));
  BOOST_TEST(has(render_tree(run.state, plain(80, 13)), "2 more:"));
}

BOOST_AUTO_TEST_CASE(the_synthesis_has_a_line_and_the_end_no_totals) {
  auto run = sample_run{};
  run.submitted().planned(1).started("t1").succeeded("t1");
  run.add(core::events::synthesis_started{"llm", 1, 0});
  BOOST_TEST(has(render_tree(run.state, plain(80, 24)), "synthesis (llm)"));
  run.add(core::events::synthesis_succeeded{core::shared_text{"a"}});
  run.finished(core::run_status::succeeded, "", "a");
  auto lines = render_tree(run.state, plain(80, 0));
  BOOST_TEST(lines.back().find("synthesis (llm)") != std::string::npos);
  BOOST_TEST(!has(lines, "subtasks 1/1"));
}

BOOST_AUTO_TEST_CASE(colour_changes_nothing_but_colour) {
  auto run = mixed();
  auto view = plain(100, 24);
  auto bare = render_tree(run.state, view);
  view.color = true;
  auto coloured = render_tree(run.state, view);
  BOOST_TEST(joined(bare).find('\x1b') == std::string::npos);
  BOOST_TEST_REQUIRE(bare.size() == coloured.size());
  for (std::size_t i = 0; i < bare.size(); ++i) {
    // The plan's line has none.
    BOOST_TEST((coloured[i].find('\x1b') != std::string::npos) == (i != 1),
               coloured[i]);
    std::string stripped;
    for (std::size_t j = 0; j < coloured[i].size(); ++j) {
      if (coloured[i][j] == '\x1b') {
        j = coloured[i].find('m', j);
        continue;
      }
      stripped += coloured[i][j];
    }
    stripped.erase(stripped.find_last_not_of(' ') + 1);
    BOOST_TEST(stripped == bare[i]);
  }
}

BOOST_AUTO_TEST_CASE(hostile_text_reaches_no_line) {
  sample_run run;
  run.submitted("goal\x1b[2J\u202E");
  auto p = std::make_shared<core::plan>();
  core::subtask task;
  task.id = "a\x1b[1A";
  task.worker = "w\x9B";
  task.description = std::string(5000, '\a');
  p->tasks.push_back(task);
  run.add(core::events::plan_accepted{p, {}});
  run.started(task.id);
  for (std::size_t width : {20, 60, 200}) {
    for (const auto& line : render_tree(run.state, plain(width, 24))) {
      for (char c : line) {
        BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
      }
      BOOST_TEST(line.find("\u202E") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
