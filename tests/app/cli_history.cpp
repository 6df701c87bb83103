#include "cli_samples.hpp"

#include <cstdint>

using namespace brigade::app;

BOOST_AUTO_TEST_SUITE(cli_history)

BOOST_AUTO_TEST_CASE(a_list_of_runs_needs_nothing) {
  auto runs = get<runs_options>({"runs"});
  BOOST_TEST(runs.status.empty());
  BOOST_TEST(!runs.since.has_value());
  BOOST_TEST(!runs.nested);
  BOOST_TEST(runs.runs_max == 20U);
}

BOOST_AUTO_TEST_CASE(every_option_of_runs_arrives) {
  auto runs = get<runs_options>(
      {"runs", "--status", "interrupted", "--crew", "market", "--goal=tea",
       "--since", "7d", "--nested", "-n", "5", "--json", "--state", "d"});
  BOOST_TEST(runs.status == "interrupted");
  BOOST_TEST(runs.crew == "market");
  BOOST_TEST(runs.goal_part == "tea");
  BOOST_TEST(runs.since->ago);
  BOOST_TEST(runs.since->ms == 7 * 86'400'000);
  BOOST_TEST(runs.nested);
  BOOST_TEST(runs.runs_max == 5U);
  BOOST_TEST(runs.json);
  BOOST_TEST(runs.state == "d");
  BOOST_TEST(get<runs_options>({"runs", "--all"}).runs_max == SIZE_MAX);
  BOOST_TEST(get<runs_options>({"runs", "-n7"}).runs_max == 7U);
}

BOOST_AUTO_TEST_CASE(a_filter_that_cannot_be_is_a_problem) {
  BOOST_TEST(mentions(get<problem>({"runs", "--status", "done"}), "succeeded"));
  BOOST_TEST(mentions(get<problem>({"runs", "--since", "yesterday"}), "24h"));
  for (const auto* bad : {"0", "-1", "x", "5x", "99999999999999999999"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(mentions(get<problem>({"runs", "-n", bad}), "-n"));
    }
  }
  BOOST_TEST(
      mentions(get<problem>({"runs", "-n", "5", "--all"}), "contradict"));
  BOOST_TEST(mentions(get<problem>({"runs", "last"}), "brigade show"));
  BOOST_TEST(mentions(get<problem>({"runs", "--staus", "x"}), "--status"));
  BOOST_TEST(
      mentions(get<problem>({"runs", "--crew", "a", "--crew", "b"}), "twice"));
}

BOOST_AUTO_TEST_CASE(show_takes_a_run_and_a_subtask) {
  auto show = get<show_options>({"show", "--calls", "last", "t3", "--json",
                                 "--no-color", "--state", "d"});
  BOOST_TEST(show.run == "last");
  BOOST_TEST(show.task == "t3");
  BOOST_TEST(show.calls);
  BOOST_TEST(show.json);
  BOOST_TEST(show.no_color);
  BOOST_TEST(show.state == "d");
  BOOST_TEST(get<show_options>({"show", "01JB2K"}).task.empty());
  BOOST_TEST(get<show_options>({"show", "last", "--", "-t"}).task == "-t");
  BOOST_TEST(mentions(get<problem>({"show"}), "brigade show last"));
  BOOST_TEST(mentions(get<problem>({"show", "last", "t3", "t4"}), "one of"));
  BOOST_TEST(mentions(get<problem>({"show", "last", "--cals"}), "--calls"));
}

BOOST_AUTO_TEST_CASE(the_name_of_a_run_has_at_least_6_letters_and_digits) {
  BOOST_TEST(get<show_options>({"show", "01jb2k"}).run == "01jb2k");
  BOOST_TEST(mentions(get<problem>({"show", "01JB2"}), "at least 6"));
  BOOST_TEST(mentions(get<problem>({"show", "01JB2K/.."}), "not the id"));
  BOOST_TEST(
      mentions(get<problem>({"show", std::string(27, 'A')}), "not the id"));
  BOOST_TEST(get<show_options>({"show", std::string(26, 'A')}).run
             == std::string(26, 'A'));
}

BOOST_AUTO_TEST_CASE(events_can_be_followed_from_a_sequence) {
  auto events = get<events_options>(
      {"events", "last", "--follow", "--json", "--after", "40", "--state=d"});
  BOOST_TEST(events.run == "last");
  BOOST_TEST(events.follow);
  BOOST_TEST(events.json);
  BOOST_TEST(events.after == 40U);
  BOOST_TEST(events.state == "d");
  BOOST_TEST(get<events_options>({"events", "last"}).after == 0U);
  BOOST_TEST(
      mentions(get<problem>({"events", "last", "--after", "x"}), "--after"));
  BOOST_TEST(mentions(get<problem>({"events", "last", "t1"}), "one run"));
}

BOOST_AUTO_TEST_CASE(export_and_html_write_one_run_to_a_file) {
  auto html = get<html_options>({"html", "last", "-o", "run.html"});
  BOOST_TEST(html.run == "last");
  BOOST_TEST(html.output == "run.html");
  auto exported = get<export_options>({"export", "last", "--state", "d"});
  BOOST_TEST(exported.run == "last");
  BOOST_TEST(exported.output.empty());
  BOOST_TEST(exported.state == "d");
  BOOST_TEST(get<html_options>({"html", "last", "-o", "-"}).output.empty());
  BOOST_TEST(mentions(get<problem>({"html"}), "brigade html last"));
  BOOST_TEST(mentions(get<problem>({"export", "last", "x"}), "one run"));
}

BOOST_AUTO_TEST_CASE(prune_chooses_by_age_number_and_end) {
  auto prune = get<prune_options>({"prune", "--older-than", "30d", "--keep",
                                   "100", "--status", "failed", "--dry-run",
                                   "--yes", "--state", "d"});
  BOOST_TEST(prune.runs.empty());
  BOOST_TEST(prune.older_than_ms.value() == 30LL * 86'400'000);
  BOOST_TEST(prune.keep.value() == 100U);
  BOOST_TEST((prune.status == brigade::core::run_status::failed));
  BOOST_TEST(prune.dry_run);
  BOOST_TEST(prune.yes);
  BOOST_TEST(prune.state == "d");
  BOOST_TEST(get<prune_options>({"prune", "--keep", "0"}).keep.value() == 0U);
}

BOOST_AUTO_TEST_CASE(prune_deletes_named_runs_and_never_all_by_accident) {
  auto prune = get<prune_options>({"prune", "01JB2K", "last", "-y"});
  BOOST_TEST(prune.runs == (strings{"01JB2K", "last"}),
             boost::test_tools::per_element());
  BOOST_TEST(prune.yes);
  BOOST_TEST(mentions(get<problem>({"prune"}), "--older-than 30d"));
  BOOST_TEST(mentions(get<problem>({"prune", "--yes"}), "which runs"));
  BOOST_TEST(
      mentions(get<problem>({"prune", "last", "--keep", "1"}), "not both"));
  BOOST_TEST(mentions(get<problem>({"prune", "01J"}), "at least 6"));
  for (const auto* open : {"running", "suspended", "interrupted"}) {
    BOOST_TEST_CONTEXT(open) {
      BOOST_TEST(mentions(get<problem>({"prune", "--status", open}),
                          "runs that have ended"));
    }
  }
  BOOST_TEST(mentions(get<problem>({"prune", "--older-than", "30"}), "30d"));
  BOOST_TEST(mentions(get<problem>({"prune", "--keep", "all"}), "--keep"));
}

BOOST_AUTO_TEST_CASE(the_main_help_names_every_command_by_group) {
  auto text = get<help_text>({"--help"}).text;
  for (const auto* part :
       {"Work:", "Look back:", "Keep and delete:", "\n  run ", "\n  resume ",
        "\n  replay ", "\n  runs ", "\n  show ", "\n  events ", "\n  html ",
        "\n  export ", "\n  prune ", "\n  check ", "\n  version "}) {
    BOOST_TEST_CONTEXT(part) {
      BOOST_TEST(text.find(part) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(help_fits_a_terminal_of_80_columns) {
  for (const auto* command :
       {"--help", "run", "resume", "replay", "runs", "show", "events", "html",
        "export", "prune", "check", "version"}) {
    BOOST_TEST_CONTEXT(command) {
      auto text = get<help_text>({command, "--help"}).text;
      std::size_t begin = 0;
      while (begin < text.size()) {
        auto end = text.find('\n', begin);
        BOOST_TEST(end - begin < 80U);
        begin = end + 1;
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
