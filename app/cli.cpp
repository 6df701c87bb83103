#include "brigade/app/cli.hpp"

#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_words.hpp"
#include "brigade/app/terminal_text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

const strings command_names = {"run", "check", "version"};

const strings run_option_names = {
    "--goal-file", "--input",     "--config",   "--set",
    "--max-cost",  "--plan-only", "--plan",     "--json",
    "--output",    "--quiet",     "--no-color", "--help",
};

const strings check_option_names = {"--schema", "--help"};

/// What is shown of an argument in a message, in columns.
constexpr std::size_t quoted_columns_max = 60;

std::string in_quotes(std::string_view text) {
  return "'" + fit(terminal_line(text), quoted_columns_max) + "'";
}

/// The problem behind a word that the parser did not expect.
problem unexpected(std::string_view word, const strings& names,
                   std::string_view command) {
  auto help = "see brigade " + std::string{command} + " --help";
  if (!is_option(word)) {
    return {"unexpected argument " + in_quotes(word), help};
  }
  auto name = word.substr(0, word.find('='));
  auto near = nearest_name(name, names);
  if (!near.empty()) {
    return {"unknown option " + in_quotes(name), "did you mean " + near + "?"};
  }
  return {"unknown option " + in_quotes(name),
          help + "; a goal that begins with '-' goes behind '--'"};
}

/// CLI11's own sentence, made ours.
problem from_error(const CLI::ParseError& error, const strings& args,
                   const strings& names, std::string_view command,
                   CLI::App& app) {
  auto help = "see brigade " + std::string{command} + " --help";
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    auto extras = app.remaining();
    if (!extras.empty()) {
      return unexpected(extras.front(), names, command);
    }
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr
      && !args.empty()) {
    for (const auto* name : options_with_value) {
      if (std::ranges::count(args, name) > 1 && std::string_view{name} != "-i"
          && std::string_view{name} != "--input"
          && std::string_view{name} != "--set") {
        return {std::string{name} + " was given twice", help};
      }
    }
  }
  return {terminal_line(error.what()), help};
}

struct raw_run {
  strings words;
  strings sets;
  std::string cost_max;
  bool cost_given = false;
};

/// What the parser cannot say with types.
std::optional<problem> complete(run_options& options, raw_run& raw) {
  if (raw.words.size() > 1) {
    return problem{"unexpected argument " + in_quotes(raw.words[1])
                       + " after the goal",
                   "put the goal in quotes; give each document with --input"};
  }
  if (!raw.words.empty()) {
    options.goal = std::move(raw.words.front());
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
  for (const auto& set : raw.sets) {
    auto equals = set.find('=');
    if (equals == std::string::npos || equals == 0) {
      return problem{"--set " + in_quotes(set) + " is not KEY=VALUE",
                     "for example: --set limits.tasks_max=4"};
    }
  }
  options.sets = std::move(raw.sets);
  if (raw.cost_given) {
    options.cost_max = core::parse_usd(raw.cost_max);
    if (!options.cost_max) {
      return problem{"--max-cost " + in_quotes(raw.cost_max)
                         + " is not an amount in dollars",
                     "for example: --max-cost 0.25"};
    }
  }
  if (options.output == "-") {
    options.output.clear();
  }
  return std::nullopt;
}

command_line parse_run(const strings& args) {
  CLI::App app;
  run_options options;
  raw_run raw;
  app.add_option("-f,--goal-file", options.goal_file);
  app.add_option("-i,--input", options.inputs)->allow_extra_args(false);
  app.add_option("-c,--config", options.config);
  app.add_option("--set", raw.sets)->allow_extra_args(false);
  auto* cost = app.add_option("--max-cost", raw.cost_max);
  app.add_flag("--plan-only", options.plan_only);
  app.add_option("--plan", options.plan_file);
  app.add_flag("--json", options.json);
  app.add_option("-o,--output", options.output);
  app.add_flag("-q,--quiet", options.quiet);
  app.add_flag("--no-color", options.no_color);
  auto parts = split_words(args);
  raw.words = std::move(parts.words);
  if (auto name = option_without_value(parts.options); !name.empty()) {
    return problem{name + " needs a value", "see brigade run --help"};
  }
  try {
    // The parser takes them from the back.
    app.parse(strings{parts.options.rbegin(), parts.options.rend()});
  } catch (const CLI::CallForHelp&) {
    return help_text{std::string{run_help}};
  } catch (const CLI::ParseError& error) {
    return from_error(error, parts.options, run_option_names, "run", app);
  }
  raw.cost_given = cost->count() > 0;
  if (auto fault = complete(options, raw)) {
    return *fault;
  }
  return options;
}

command_line parse_check(const strings& args) {
  CLI::App app;
  check_options options;
  app.add_flag("--schema", options.schema);
  auto [rest, files] = split_words(args);
  try {
    app.parse(strings{rest.rbegin(), rest.rend()});
  } catch (const CLI::CallForHelp&) {
    return help_text{std::string{check_help}};
  } catch (const CLI::ParseError& error) {
    return from_error(error, rest, check_option_names, "check", app);
  }
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

} // namespace

command_line parse_command_line(strings args) {
  if (args.empty()) {
    return problem{"no command was given", "see brigade --help"};
  }
  auto command = std::move(args.front());
  args.erase(args.begin());
  if (command == "-h" || command == "--help" || command == "help") {
    return help_text{std::string{main_help}};
  }
  if (command == "--version" || command == "-V") {
    return version_options{};
  }
  if (command == "run") {
    return parse_run(args);
  }
  if (command == "check") {
    return parse_check(args);
  }
  if (command == "version") {
    if (args.empty()) {
      return version_options{};
    }
    if (args.front() == "-h" || args.front() == "--help") {
      return help_text{std::string{version_help}};
    }
    return problem{"unexpected argument " + in_quotes(args.front()),
                   "brigade version takes none"};
  }
  auto near = nearest_name(command, command_names);
  if (!near.empty() && command.find(' ') == std::string::npos) {
    return problem{"unknown command " + in_quotes(command),
                   "did you mean brigade " + near + "?"};
  }
  return problem{"unknown command " + in_quotes(command),
                 command.find(' ') != std::string::npos
                     ? "to work on a goal: brigade run \"...\""
                     : "see brigade --help"};
}

} // namespace brigade::app
