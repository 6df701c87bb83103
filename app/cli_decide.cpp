// The command lines that go on with a run or end it: `resume`, `approve`,
// `reject` and `cancel`.

#include "brigade/app/cli_commands.hpp"
#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_parser.hpp"
#include "brigade/app/cli_values.hpp"

#include <utility>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

/// What both take that go on with a run.
struct resume_parser : command_parser {
  resume_parser(std::string_view command, std::string_view help,
                resume_options& into)
      : command_parser(command, help), name(command), options(into) {
    add_option("-c,--config", options.config);
    add_list("--set", options.sets);
    add_option("--max-cost", cost);
    add_flag("--accept-changes", options.accept_changes);
    add_flag("--json", options.json);
    add_option("-o,--output", options.output);
    add_flag("-q,--quiet", options.quiet);
    add_flag("--no-color", options.no_color);
    add_option("--state", options.state);
  }

  /// Reads the words and checks the values; help or a problem, or nothing.
  std::optional<command_line> complete(const strings& args) {
    if (auto end = parse(args)) {
      return end;
    }
    if (auto fault = take_run_name(words, name, options.run)) {
      return *fault;
    }
    if (!words.empty()) {
      return problem{"unexpected argument " + in_quotes(words.front()),
                     "brigade " + name
                         + " takes one run; its goal and documents are known"};
    }
    if (auto fault = sets_fault(options.sets)) {
      return *fault;
    }
    if (auto fault = take_cost(cost, options.cost_max)) {
      return *fault;
    }
    take_output(options.output);
    return std::nullopt;
  }

  std::string name;
  resume_options& options;
  std::string cost;
};

template <class Options>
command_line parse_end(const strings& args, std::string_view command,
                       std::string_view help) {
  command_parser parser{command, help};
  Options options;
  parser.add_option("--comment", options.comment);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (auto fault = take_run_name(parser.words, command, options.run)) {
    return *fault;
  }
  if (!parser.words.empty()) {
    return problem{"unexpected argument " + in_quotes(parser.words.front()),
                   "brigade " + std::string{command} + " takes one run"};
  }
  return options;
}

} // namespace

command_line parse_resume(const strings& args) {
  resume_options options;
  resume_parser parser{"resume", resume_help, options};
  if (auto end = parser.complete(args)) {
    return *std::move(end);
  }
  return options;
}

command_line parse_approve(const strings& args) {
  approve_options options;
  resume_parser parser{"approve", approve_help, options.resume};
  parser.add_option("--plan", options.plan_file);
  parser.add_option("--comment", options.comment);
  if (auto end = parser.complete(args)) {
    return *std::move(end);
  }
  return options;
}

command_line parse_reject(const strings& args) {
  return parse_end<reject_options>(args, "reject", reject_help);
}

command_line parse_cancel(const strings& args) {
  return parse_end<cancel_options>(args, "cancel", cancel_help);
}

} // namespace brigade::app
