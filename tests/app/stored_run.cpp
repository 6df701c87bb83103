#include "stored_samples.hpp"

#include "brigade/app/event_line.hpp"
#include "brigade/app/plan_tree.hpp"
#include "brigade/app/runs_table.hpp"
#include "brigade/app/show_calls.hpp"
#include "brigade/app/show_run.hpp"
#include "brigade/app/show_task.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace brigade;
using namespace brigade::app;
using namespace samples;
using lines = std::vector<std::string>;

namespace {

std::string joined(const lines& all) {
  std::string text;
  for (const auto& line : all) {
    text += line + "\n";
  }
  return text;
}

bool holds(const lines& all, std::string_view part) {
  return joined(all).find(part) != std::string::npos;
}

/// Where a line that holds `part` stands; the number of lines if none does.
std::size_t line_with(const lines& all, std::string_view part) {
  auto i = std::ranges::find_if(all, [&](const std::string& line) {
    return line.find(part) != std::string::npos;
  });
  return static_cast<std::size_t>(i - all.begin());
}

void check_width(const lines& all, std::size_t columns) {
  for (const auto& line : all) {
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(display_width(line) <= columns);
    }
  }
}

const std::vector<sample_run>& every_run() {
  static const std::vector<sample_run> all = {
      failed_run(),   partial_run(), suspended_run(), resumed_run(),
      rejected_run(), hostile_run(), waiting_run(),   sample_run{}};
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(looking_back)

BOOST_AUTO_TEST_CASE(a_failed_run_names_the_subtask_the_cause_and_the_command) {
  auto shown = show_run(stored(failed_run()), {});
  auto row = line_with(shown, "t3 writer");
  BOOST_TEST(shown.at(row).find("failed #2") != std::string::npos);
  BOOST_TEST(shown.at(row + 1).find("timed_out: the model strong")
             != std::string::npos);
  BOOST_TEST(holds(shown, "skipped for want of t3"));
  BOOST_TEST(shown.back()
             == "  brigade show 01JB2K8XQ2M4N6P8R0S2T4V6W8 t3 --calls");
}

BOOST_AUTO_TEST_CASE(the_critical_path_is_marked) {
  auto shown = show_run(stored(failed_run()), {});
  BOOST_TEST(shown.at(line_with(shown, "t3 writer")).find("*")
             != std::string::npos);
  BOOST_TEST(shown.at(line_with(shown, "t5 checker")).find("*")
             == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_that_stands_still_says_how_to_go_on) {
  auto suspended = show_run(stored(suspended_run()), {});
  BOOST_TEST(holds(suspended, "suspended, 1 of 5 subtasks done"));
  BOOST_TEST(holds(suspended, "  brigade resume 01JB2K8XQ2M4N6P8R0S2T4V6W8"));
  auto vanished = show_run(stored(resumed_run()), {});
  BOOST_TEST(holds(vanished, "status    interrupted"));
  BOOST_TEST(holds(vanished, "brigade resume"));
  BOOST_TEST(holds(vanished, "2. "));
  auto working = show_run(stored(resumed_run(), "process 42"), {});
  BOOST_TEST(holds(working, "running, process 42 works on it"));
  BOOST_TEST(!holds(working, "brigade resume"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_waits_shows_its_costs_and_who_may_decide) {
  auto waits = show_run(stored(waiting_run()), {});
  BOOST_TEST(holds(waits, "approval  waits until "));
  BOOST_TEST(holds(waits, "estimate  about $0.0020, at least $0.0001, at most "
                          "$0.0300"));
  BOOST_TEST(holds(waits, "critical path t1, t3"));
  BOOST_TEST(holds(waits, "  brigade approve 01JB2K8XQ2M4N6P8R0S2T4V6W8"));
  BOOST_TEST(holds(waits, "  brigade reject 01JB2K8XQ2M4N6P8R0S2T4V6W8"));
  BOOST_TEST(!holds(waits, "brigade resume"));
  auto given = waiting_run();
  given.add(events::approval_given{"approved", "ann", "fine"});
  BOOST_TEST(
      holds(show_run(stored(given), {}), "approval  approved by ann: fine"));
}

BOOST_AUTO_TEST_CASE(a_rejected_plan_is_shown_with_all_its_faults) {
  auto shown = show_run(stored(rejected_run()), {});
  BOOST_TEST(holds(shown, "unknown_worker"));
  BOOST_TEST(holds(shown, "/tasks/1/depends_on"));
  BOOST_TEST(shown.back().ends_with(" --calls"));
}

BOOST_AUTO_TEST_CASE(every_screen_fits_and_holds_no_control_characters) {
  for (const auto& run : every_run()) {
    for (auto columns : {std::size_t{40}, std::size_t{80}, std::size_t{120}}) {
      for (bool ascii : {false, true}) {
        show_view view{columns, false, ascii};
        auto one = stored(run);
        auto shown = show_run(one, view);
        for (std::size_t i = 0; i < one.history.state.tasks.size(); ++i) {
          std::ranges::copy(show_task(one, i, true, view),
                            std::back_inserter(shown));
        }
        std::ranges::copy(show_calls(one, {}, view), std::back_inserter(shown));
        auto text = joined(shown);
        BOOST_TEST(text.find('\x1b') == std::string::npos);
        if (columns >= 80) {
          for (const auto& line : show_run(one, view)) {
            BOOST_TEST_CONTEXT(line) {
              BOOST_TEST((line.starts_with("  brigade ")
                          || display_width(line) <= columns));
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_subtask_is_shown_whole) {
  auto run = stored(failed_run());
  auto failed = show_task(run, 2, false, {});
  BOOST_TEST(holds(failed, "t1 (done), t2 (done)"));
  BOOST_TEST(holds(failed, "t4 (skipped)"));
  BOOST_TEST(holds(failed, "attempt_timeout"));
  BOOST_TEST(holds(failed, "Compare prices and dates"));
  BOOST_TEST(holds(failed, "no result"));
  BOOST_TEST(holds(failed, "t3 --calls"));
  auto done = show_task(run, 0, true, {});
  BOOST_TEST(holds(done, "\n  result"));
  BOOST_TEST(holds(done, "    user:\n      List the prices"));
  BOOST_TEST(holds(done, "    answer:\n      A: 10, B: 12"));
}

BOOST_AUTO_TEST_CASE(a_call_shows_money_tokens_and_both_texts) {
  auto run = stored(failed_run());
  auto call = show_call(run, 0, {});
  for (const auto* part :
       {"call 1  planner  ok", "took 0.8s", "1.2k in 456 out",
        "$0.0012 charged, $0.0030 reserved", "HTTP 200, request req_1",
        "system:", "Answer from the documents only.", "settings:"}) {
    BOOST_TEST_CONTEXT(part) {
      BOOST_TEST(holds(call, part));
    }
  }
  auto json = calls_json(run.history);
  BOOST_TEST(json.at(0).at("request").at("max_tokens").as_int64() == 800);
  BOOST_TEST(json.at(1).at("reply").as_string() == "A: 10, B: 12");
  BOOST_TEST(json.at(4).at("outcome").as_string() == "timed_out");
}

BOOST_AUTO_TEST_CASE(the_list_says_what_became_of_each_run) {
  std::vector<store::listed_run> runs = {
      stored(failed_run()).listed, stored(resumed_run()).listed,
      stored(resumed_run(), "process 42").listed, stored(hostile_run()).listed};
  table_view view;
  view.now_wall_ms = wall_ms + 3 * 3'600'000;
  auto table = runs_table(runs, view);
  BOOST_TEST_REQUIRE(table.size() == 5U);
  BOOST_TEST(table[1].find("failed") != std::string::npos);
  BOOST_TEST(table[1].find("3h") != std::string::npos);
  BOOST_TEST(table[1].find("3/5") != std::string::npos);
  BOOST_TEST(table[2].find("interrupted") != std::string::npos);
  BOOST_TEST(table[3].find("running") != std::string::npos);
  BOOST_TEST(joined(table).find('\x1b') == std::string::npos);
  check_width(table, 80);
  auto json = runs_json(runs);
  BOOST_TEST(json.at(1).at("status").as_string() == "interrupted");
  BOOST_TEST(json.at(0).at("cost_usd").as_string() == "0.0048");
  BOOST_TEST(json.at(0).at("submitted").as_string() == rfc3339(wall_ms));
  BOOST_TEST(json.at(0).at("owner").is_null());
}

BOOST_AUTO_TEST_CASE(each_event_is_one_safe_line) {
  for (const auto& run : every_run()) {
    for (const auto& e : run.log) {
      auto line = event_line(e, 80, false);
      BOOST_TEST(display_width(line) < 80U);
      BOOST_TEST(line.find_first_of("\x1b\n") == std::string::npos);
      BOOST_TEST(event_line(e, 0, false).find(core::event_name(e.body))
                 != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_tree_places_each_subtask_once_below_its_deepest) {
  core::plan p;
  p.tasks = {planned("d", "w", "", {"a", "b"}), planned("a", "w", ""),
             planned("b", "w", "", {"a"}), planned("x", "w", "", {"y"}),
             planned("y", "w", "", {"x"})};
  auto tree = plan_tree(p);
  BOOST_TEST_REQUIRE(tree.size() == 5U);
  BOOST_TEST(tree[0].task == 1U);
  BOOST_TEST(tree[1].task == 2U);
  BOOST_TEST(tree[2].task == 0U);
  BOOST_TEST(tree[2].level == 2U);
  BOOST_TEST(tree[2].also_after.at(0) == 1U);
}

BOOST_AUTO_TEST_CASE(times_are_utc) {
  BOOST_TEST(rfc3339(1'793'491'200'120) == "2026-11-01T00:00:00.120Z");
  BOOST_TEST(display_time(0) == "1970-01-01 00:00:00 UTC");
  BOOST_TEST(display_age(0, 59'999) == "59s");
  BOOST_TEST(display_age(0, 60'000) == "1m");
  BOOST_TEST(display_age(0, 172'799'000) == "47h");
  BOOST_TEST(display_age(0, 172'800'000) == "2d");
  BOOST_TEST(display_age(5'000, 0) == "0s");
}

BOOST_AUTO_TEST_SUITE_END()
