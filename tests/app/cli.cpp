#include "cli_samples.hpp"

using namespace brigade::app;

BOOST_AUTO_TEST_SUITE(cli)

BOOST_AUTO_TEST_CASE(a_goal_alone_is_enough) {
  auto run = get<run_options>({"run", "What changed?"});
  BOOST_TEST(run.goal.value() == "What changed?");
  BOOST_TEST(run.inputs.empty());
  BOOST_TEST(run.config.empty());
  BOOST_TEST(!run.cost_max.has_value());
}

BOOST_AUTO_TEST_CASE(every_option_of_run_arrives) {
  auto run =
      get<run_options>({"run",       "-i",           "a.md",
                        "goal",      "--input=b.md", "-c",
                        "crew.toml", "--set",        "limits.tasks_max=4",
                        "--set",     "a=b=c",        "--max-cost",
                        "0.25",      "--plan-only",  "--plan",
                        "p.json",    "--json",       "-o",
                        "out.md",    "--quiet",      "--no-color"});
  BOOST_TEST(run.goal.value() == "goal");
  BOOST_TEST(run.inputs == (strings{"a.md", "b.md"}),
             boost::test_tools::per_element());
  BOOST_TEST(run.config == "crew.toml");
  BOOST_TEST_REQUIRE(run.sets.size() == 2U);
  BOOST_TEST(run.sets[0] == "limits.tasks_max=4");
  BOOST_TEST(run.sets[1] == "a=b=c");
  BOOST_TEST(run.cost_max->value == 250'000'000'000);
  BOOST_TEST(run.plan_only);
  BOOST_TEST(run.plan_file == "p.json");
  BOOST_TEST(run.json);
  BOOST_TEST(run.output == "out.md");
  BOOST_TEST(run.quiet);
  BOOST_TEST(run.no_color);
}

BOOST_AUTO_TEST_CASE(input_takes_one_path_before_the_goal) {
  auto run = get<run_options>({"run", "--input", "a.md", "goal"});
  BOOST_TEST(run.goal.value() == "goal");
  BOOST_TEST(run.inputs.size() == 1U);
}

BOOST_AUTO_TEST_CASE(short_options_may_stand_together) {
  auto run = get<run_options>({"run", "-qo", "out.md", "goal", "-ia.md"});
  BOOST_TEST(run.quiet);
  BOOST_TEST(run.output == "out.md");
  BOOST_TEST(run.goal.value() == "goal");
  BOOST_TEST(run.inputs.at(0) == "a.md");
}

BOOST_AUTO_TEST_CASE(a_shell_pattern_behind_input_works_after_the_goal) {
  auto run = get<run_options>(
      {"run", "goal", "--input", "a.md", "b.md", "c.md", "--json"});
  BOOST_TEST(run.inputs == (strings{"a.md", "b.md", "c.md"}),
             boost::test_tools::per_element());
  auto file = get<run_options>({"run", "-f", "g.txt", "-i", "a.md", "b.md"});
  BOOST_TEST(file.inputs.size() == 2U);
  BOOST_TEST(file.goal_file == "g.txt");
}

BOOST_AUTO_TEST_CASE(stdin_is_a_goal_and_a_stdout_is_an_output) {
  auto run = get<run_options>({"run", "-", "-o", "-"});
  BOOST_TEST(run.goal.value() == "-");
  BOOST_TEST(run.output.empty());
}

BOOST_AUTO_TEST_CASE(a_goal_may_begin_with_a_dash_behind_two_dashes) {
  auto run = get<run_options>({"run", "--json", "--", "-5 degrees?"});
  BOOST_TEST(run.goal.value() == "-5 degrees?");
  BOOST_TEST(mentions(get<problem>({"run", "-5 degrees?"}), "'--'"));
}

BOOST_AUTO_TEST_CASE(a_goal_is_never_read_as_a_list_or_a_subcommand) {
  BOOST_TEST(get<run_options>({"run", "[a, b]"}).goal.value() == "[a, b]");
  BOOST_TEST(get<run_options>({"run", "check"}).goal.value() == "check");
  BOOST_TEST(get<run_options>({"run", "g", "-i", "[a,b]"}).inputs[0]
             == "[a,b]");
}

BOOST_AUTO_TEST_CASE(a_missing_or_doubled_goal_is_a_problem) {
  BOOST_TEST(mentions(get<problem>({"run"}), "no goal"));
  BOOST_TEST(mentions(get<problem>({"run", "--json"}), "no goal"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "-f", "g.txt"}), "twice"));
  BOOST_TEST(mentions(get<problem>({"run", "what", "changed"}), "quotes"));
}

BOOST_AUTO_TEST_CASE(an_unknown_option_names_the_nearest) {
  BOOST_TEST(mentions(get<problem>({"run", "g", "--jsno"}), "--json"));
  BOOST_TEST(
      mentions(get<problem>({"run", "g", "--plan-olny"}), "--plan-only"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "--zzzzzzzzzz"}), "--help"));
  BOOST_TEST(mentions(get<problem>({"check", "--shema"}), "--schema"));
}

BOOST_AUTO_TEST_CASE(an_option_without_its_value_is_named) {
  BOOST_TEST(mentions(get<problem>({"run", "g", "--config"}),
                      "--config needs a value"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "-o"}), "-o needs a value"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "--output="}),
                      "--output needs a value"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "--config", ""}),
                      "--config needs a value"));
}

BOOST_AUTO_TEST_CASE(an_option_given_twice_is_named) {
  BOOST_TEST(
      mentions(get<problem>({"run", "g", "--config", "a", "--config", "b"}),
               "--config was given twice"));
}

BOOST_AUTO_TEST_CASE(amounts_are_plain_dollars) {
  for (const auto* bad : {"", "-1", "1e3", "a", "0.5$", "nan", "1,5"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_TEST(mentions(get<problem>({"run", "g", "--max-cost", bad}),
                          "--max-cost"));
    }
  }
  BOOST_TEST(get<run_options>({"run", "g", "--max-cost", "0"}).cost_max->value
             == 0);
}

BOOST_AUTO_TEST_CASE(a_set_needs_a_key_and_an_equals_sign) {
  BOOST_TEST(
      mentions(get<problem>({"run", "g", "--set", "tasks_max"}), "KEY=VALUE"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "--set", "=4"}), "KEY=VALUE"));
  BOOST_TEST(get<run_options>({"run", "g", "--set", "a="}).sets[0] == "a=");
}

BOOST_AUTO_TEST_CASE(a_run_names_its_journal_or_has_none) {
  auto run = get<run_options>({"run", "g", "--state", "d", "--from", "last"});
  BOOST_TEST(run.state == "d");
  BOOST_TEST(run.from == "last");
  BOOST_TEST(!run.no_journal);
  BOOST_TEST(get<run_options>({"run", "g", "--no-journal"}).no_journal);
  BOOST_TEST(mentions(
      get<problem>({"run", "g", "--no-journal", "--state", "d"}), "--state"));
  BOOST_TEST(mentions(
      get<problem>({"run", "g", "--no-journal", "--from", "last"}), "--from"));
  BOOST_TEST(mentions(get<problem>({"run", "g", "--from", "01JB2"}),
                      "at least 6 characters"));
}

BOOST_AUTO_TEST_CASE(resume_takes_one_run_and_what_changes) {
  auto resume = get<resume_options>({"resume", "01JB2K", "-c", "crew.toml",
                                     "--set", "a=1", "--set=b=2", "--max-cost",
                                     "0.5", "--accept-changes", "--json", "-qo",
                                     "out.md", "--no-color", "--state=d"});
  BOOST_TEST(resume.run == "01JB2K");
  BOOST_TEST(resume.config == "crew.toml");
  BOOST_TEST(resume.sets == (strings{"a=1", "b=2"}),
             boost::test_tools::per_element());
  BOOST_TEST(resume.cost_max->value == 500'000'000'000);
  BOOST_TEST(resume.accept_changes);
  BOOST_TEST(resume.json);
  BOOST_TEST(resume.quiet);
  BOOST_TEST(resume.no_color);
  BOOST_TEST(resume.output == "out.md");
  BOOST_TEST(resume.state == "d");
  BOOST_TEST(mentions(get<problem>({"resume"}), "brigade resume last"));
  BOOST_TEST(mentions(get<problem>({"resume", "last", "more"}), "one run"));
  BOOST_TEST(
      mentions(get<problem>({"resume", "last", "--set", "x"}), "KEY=VALUE"));
  BOOST_TEST(mentions(get<problem>({"resume", "last", "--max-cost", "x"}),
                      "--max-cost"));
}

BOOST_AUTO_TEST_CASE(approve_takes_what_resume_takes_and_a_plan) {
  auto approve = get<approve_options>({"approve", "last", "--plan", "p.json",
                                       "--comment", "good", "--max-cost", "0.5",
                                       "-o", "-", "--state", "d"});
  BOOST_TEST(approve.resume.run == "last");
  BOOST_TEST(approve.plan_file == "p.json");
  BOOST_TEST(approve.comment == "good");
  BOOST_TEST(approve.resume.cost_max->value == 500'000'000'000);
  BOOST_TEST(approve.resume.output.empty());
  BOOST_TEST(approve.resume.state == "d");
  BOOST_TEST(mentions(get<problem>({"approve"}), "brigade approve last"));
}

BOOST_AUTO_TEST_CASE(reject_and_cancel_take_a_run_and_a_comment) {
  auto reject = get<reject_options>(
      {"reject", "01JB2K", "--comment", "too dear", "--state", "d"});
  BOOST_TEST(reject.run == "01JB2K");
  BOOST_TEST(reject.comment == "too dear");
  BOOST_TEST(reject.state == "d");
  auto cancel = get<cancel_options>({"cancel", "last"});
  BOOST_TEST(cancel.run == "last");
  BOOST_TEST(cancel.comment.empty());
  BOOST_TEST(mentions(get<problem>({"cancel"}), "brigade cancel last"));
  BOOST_TEST(mentions(get<problem>({"cancel", "last", "more"}), "one run"));
  BOOST_TEST(mentions(get<problem>({"reject", "last", "--json"}), "--json"));
}

BOOST_AUTO_TEST_CASE(a_run_can_wait_for_approval_but_not_of_a_plan_alone) {
  BOOST_TEST(get<run_options>({"run", "g", "--approve"}).approve);
  BOOST_TEST(!get<run_options>({"run", "g"}).approve);
  BOOST_TEST(mentions(get<problem>({"run", "g", "--approve", "--plan-only"}),
                      "contradict"));
}

BOOST_AUTO_TEST_CASE(replay_takes_one_file) {
  auto replay = get<replay_options>({"replay", "--json", "run.jsonl", "-o-"});
  BOOST_TEST(replay.file == "run.jsonl");
  BOOST_TEST(replay.json);
  BOOST_TEST(replay.output.empty());
  BOOST_TEST(mentions(get<problem>({"replay"}), "no file"));
  BOOST_TEST(mentions(get<problem>({"replay", "a", "b"}), "one file"));
}

BOOST_AUTO_TEST_CASE(check_takes_a_file_or_the_schema) {
  BOOST_TEST(get<check_options>({"check", "a.toml"}).file == "a.toml");
  BOOST_TEST(get<check_options>({"check", "--schema"}).schema);
  BOOST_TEST(mentions(get<problem>({"check"}), "no crew file"));
  BOOST_TEST(mentions(get<problem>({"check", "a", "b"}), "one file"));
  BOOST_TEST(mentions(get<problem>({"check", "a", "--schema"}), "no file"));
}

BOOST_AUTO_TEST_CASE(the_version_has_two_ways) {
  get<version_options>({"version"});
  get<version_options>({"--version"});
  get<problem>({"version", "extra"});
}

BOOST_AUTO_TEST_CASE(help_is_everywhere_and_names_the_exit_codes) {
  for (const auto& args :
       {strings{"--help"}, strings{"-h"}, strings{"help"},
        strings{"check", "--help"}, strings{"version", "--help"},
        strings{"resume", "--help"}, strings{"replay", "-h"},
        strings{"runs", "--help"}, strings{"show", "--help"},
        strings{"events", "--help"}, strings{"html", "--help"},
        strings{"export", "--help"}, strings{"prune", "--help"}}) {
    BOOST_TEST(get<help_text>(args).text.find("Usage:") != std::string::npos);
  }
  auto text = get<help_text>({"run", "goal", "--help"}).text;
  for (const auto* part :
       {"Exit codes", "130", "Examples", "--goal-file", "--input", "--config",
        "--set", "--max-cost", "--plan-only", "--plan ", "--json", "-o,",
        "--quiet", "--no-color", "--state", "--no-journal", "--from"}) {
    BOOST_TEST_CONTEXT(part) {
      BOOST_TEST(text.find(part) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_command_gets_a_hint) {
  BOOST_TEST(mentions(get<problem>({"rnu"}), "brigade run"));
  BOOST_TEST(
      mentions(get<problem>({"What changed in the notes?"}), "brigade run"));
  BOOST_TEST(mentions(get<problem>({}), "--help"));
  BOOST_TEST(mentions(get<problem>({""}), "--help"));
}

BOOST_AUTO_TEST_CASE(messages_never_carry_control_characters) {
  auto fault = get<problem>({"run", "g", "--\x1b[2Jjson"});
  BOOST_TEST(fault.message.find('\x1b') == std::string::npos);
  fault = get<problem>({"\x1b[2J"});
  BOOST_TEST(fault.message.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
