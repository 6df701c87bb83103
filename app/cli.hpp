/// The command line: from `argv` to a value. Pure: nothing is printed, opened
/// or looked up.
#pragma once

#include "brigade/core/money/money.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::app {

/// Something the user has to change, and how: two sentences on stderr.
struct problem {
  std::string message;
  /// May be empty.
  std::string hint;

  friend bool operator==(const problem&, const problem&) = default;
};

/// `brigade run`.
struct run_options {
  /// The goal's text, or `-` for stdin; nothing when it comes from a file.
  std::optional<std::string> goal;
  /// `--goal-file`; empty when not given.
  std::string goal_file;
  std::vector<std::string> inputs;
  /// The crew file; empty: the built-in crew.
  std::string config;
  /// Each `--set KEY=VALUE` as it was given; it has a key and a `=`.
  std::vector<std::string> sets;
  /// Takes the place of the crew's ceiling.
  std::optional<core::pico_usd> cost_max;
  bool plan_only = false;
  /// A saved plan; empty when not given.
  std::string plan_file;
  bool json = false;
  /// `-o`; empty: stdout.
  std::string output;
  bool quiet = false;
  bool no_color = false;
};

/// `brigade check`.
struct check_options {
  /// Empty only with `schema`.
  std::string file;
  bool schema = false;
};

/// `brigade version`, and `--version`.
struct version_options {};

/// The user asked for help: this text goes to stdout.
struct help_text {
  std::string text;
};

using command_line = std::variant<run_options, check_options, version_options,
                                  help_text, problem>;

/// `args` are the arguments without the program's name.
command_line parse_command_line(std::vector<std::string> args);

} // namespace brigade::app
