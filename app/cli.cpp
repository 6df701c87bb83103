#include "brigade/app/cli.hpp"

#include "brigade/app/cli_commands.hpp"
#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_parser.hpp"
#include "brigade/app/cli_words.hpp"

#include <array>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

command_line parse_version(const strings& args) {
  if (args.empty()) {
    return version_options{};
  }
  if (args.front() == "-h" || args.front() == "--help") {
    return help_text{std::string{version_help}};
  }
  return problem{"unexpected argument " + in_quotes(args.front()),
                 "brigade version takes none"};
}

struct command {
  std::string_view name;
  command_line (*parse)(const strings& args);
};

constexpr std::array commands = {
    command{"run", parse_run},         command{"resume", parse_resume},
    command{"runs", parse_runs},       command{"show", parse_show},
    command{"events", parse_events},   command{"html", parse_html},
    command{"export", parse_export},   command{"replay", parse_replay},
    command{"approve", parse_approve}, command{"reject", parse_reject},
    command{"cancel", parse_cancel},   command{"prune", parse_prune},
    command{"check", parse_check},     command{"version", parse_version},
    command{"serve", parse_serve},
};

problem unknown_command(const std::string& word) {
  strings names;
  for (const auto& each : commands) {
    names.emplace_back(each.name);
  }
  bool is_goal = word.find(' ') != std::string::npos;
  auto near = nearest_name(word, names);
  if (!near.empty() && !is_goal) {
    return {"unknown command " + in_quotes(word),
            "did you mean brigade " + near + "?"};
  }
  return {"unknown command " + in_quotes(word),
          is_goal ? "to work on a goal: brigade run \"...\""
                  : "see brigade --help"};
}

} // namespace

command_line parse_command_line(strings args) {
  if (args.empty()) {
    return problem{"no command was given", "see brigade --help"};
  }
  auto name = std::move(args.front());
  args.erase(args.begin());
  if (name == "-h" || name == "--help" || name == "help") {
    return help_text{std::string{main_help}};
  }
  if (name == "--version" || name == "-V") {
    return version_options{};
  }
  for (const auto& each : commands) {
    if (each.name == name) {
      return each.parse(args);
    }
  }
  return unknown_command(name);
}

} // namespace brigade::app
