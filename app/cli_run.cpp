// The command lines of `run`, `replay` and `check`.

#include "brigade/app/cli_commands.hpp"
#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_parser.hpp"
#include "brigade/app/cli_values.hpp"

#include <utility>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

/// The goal, given exactly once.
std::optional<problem> take_goal(run_options& options, strings& words) {
  if (words.size() > 1) {
    return problem{"unexpected argument " + in_quotes(words[1])
                       + " after the goal",
                   "put the goal in quotes; give each document with --input"};
  }
  if (!words.empty()) {
    options.goal = std::move(words.front());
  }
  if (options.goal && !options.goal_file.empty()) {
    return problem{"the goal was given twice: as an argument and with "
                   "--goal-file",
                   "keep one of them; give documents with --input"};
  }
  if (!options.goal && options.goal_file.empty()) {
    return problem{"no goal was given",
                   "for example: brigade run \"What changed?\" --input "
                   "notes.md"};
  }
  return std::nullopt;
}

std::optional<problem> journal_fault(const run_options& options) {
  if (options.no_journal && !options.state.empty()) {
    return problem{"--no-journal and --state contradict each other",
                   "--no-journal keeps nothing, so it needs no directory"};
  }
  if (options.no_journal && !options.from.empty()) {
    return problem{"--no-journal and --from contradict each other",
                   "the replies of --from come from the journal"};
  }
  if (!options.from.empty()) {
    return run_name_fault(options.from, "--from last");
  }
  return std::nullopt;
}

} // namespace

command_line parse_run(const strings& args) {
  command_parser parser{"run", run_help};
  run_options options;
  std::string cost;
  parser.add_option_in_place_of_word("-f,--goal-file", options.goal_file);
  parser.add_greedy_list("-i,--input", options.inputs);
  parser.add_option("-c,--config", options.config);
  parser.add_list("--set", options.sets);
  parser.add_option("--max-cost", cost);
  parser.add_flag("--plan-only", options.plan_only);
  parser.add_option("--plan", options.plan_file);
  parser.add_flag("--approve", options.approve);
  parser.add_flag("--json", options.json);
  parser.add_option("-o,--output", options.output);
  parser.add_flag("-q,--quiet", options.quiet);
  parser.add_flag("--no-color", options.no_color);
  parser.add_option("--state", options.state);
  parser.add_flag("--no-journal", options.no_journal);
  parser.add_option("--from", options.from);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (auto fault = take_goal(options, parser.words)) {
    return *fault;
  }
  if (auto fault = sets_fault(options.sets)) {
    return *fault;
  }
  if (auto fault = take_cost(cost, options.cost_max)) {
    return *fault;
  }
  if (auto fault = journal_fault(options)) {
    return *fault;
  }
  if (options.plan_only && options.approve) {
    return problem{"--plan-only and --approve contradict each other",
                   "--plan-only ends with the plan; nothing follows that "
                   "somebody could approve"};
  }
  take_output(options.output);
  return options;
}

command_line parse_replay(const strings& args) {
  command_parser parser{"replay", replay_help};
  replay_options options;
  parser.add_flag("--json", options.json);
  parser.add_option("-o,--output", options.output);
  parser.add_flag("-q,--quiet", options.quiet);
  parser.add_flag("--no-color", options.no_color);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (parser.words.empty()) {
    return problem{"no file was given",
                   "brigade export writes one; for example: brigade replay "
                   "run.jsonl"};
  }
  if (parser.words.size() > 1) {
    return problem{"unexpected argument " + in_quotes(parser.words[1]),
                   "brigade replay takes one file"};
  }
  options.file = std::move(parser.words.front());
  take_output(options.output);
  return options;
}

command_line parse_check(const strings& args) {
  command_parser parser{"check", check_help};
  check_options options;
  parser.add_flag("--schema", options.schema);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  auto& files = parser.words;
  if (files.size() > 1) {
    return problem{"unexpected argument " + in_quotes(files[1]),
                   "brigade check takes one file"};
  }
  if (options.schema && !files.empty()) {
    return problem{"--schema takes no file", "see brigade check --help"};
  }
  if (!options.schema && files.empty()) {
    return problem{"no crew file was given",
                   "for example: brigade check crew.toml"};
  }
  if (!files.empty()) {
    options.file = std::move(files.front());
  }
  return options;
}

} // namespace brigade::app
