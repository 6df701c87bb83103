/// The command line: from `argv` to a value. Pure: nothing is printed, opened
/// or looked up. Where an option names the state directory, a crew, a file or
/// a run, an empty text means that it was not given.
#pragma once

#include "brigade/core/money/money.hpp"
#include "brigade/core/run/event.hpp"

#include <cstddef>
#include <cstdint>
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

/// A moment on the command line: so long ago, or a Unix time.
struct moment {
  bool ago = false;
  /// In ms.
  std::int64_t ms = 0;

  /// As a Unix time in ms.
  std::int64_t wall_ms(std::int64_t now_wall_ms) const {
    return ago ? now_wall_ms - ms : ms;
  }
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
  /// Somebody must approve the plan, whatever the crew says.
  bool approve = false;
  /// A saved plan; empty when not given.
  std::string plan_file;
  bool json = false;
  /// `-o`; empty: stdout.
  std::string output;
  bool quiet = false;
  bool no_color = false;
  std::string state;
  /// Keeps nothing: the run does not survive this process.
  bool no_journal = false;
  /// A finished run whose replies are recalled where the request is the same.
  std::string from;
};

/// `brigade resume`.
struct resume_options {
  std::string run;
  /// Empty: the crew that the run was started with.
  std::string config;
  /// As in `run_options`.
  std::vector<std::string> sets;
  std::optional<core::pico_usd> cost_max;
  /// Goes on although the crew or a document has changed.
  bool accept_changes = false;
  bool json = false;
  std::string output;
  bool quiet = false;
  bool no_color = false;
  std::string state;
};

/// `brigade approve`: goes on as `resume` does.
struct approve_options {
  resume_options resume;
  /// A plan to work on instead; empty: the one that waits.
  std::string plan_file;
  std::string comment;
};

/// `brigade reject` and `brigade cancel`.
struct end_options {
  std::string run;
  std::string comment;
  std::string state;
};

struct reject_options : end_options {};
struct cancel_options : end_options {};

/// How a list calls a run whose process is gone: it is `running` and nobody
/// works on it.
inline constexpr std::string_view interrupted_word = "interrupted";

/// `brigade runs`.
struct runs_options {
  /// A status, or `interrupted`; empty: any.
  std::string status;
  std::string crew;
  std::string goal_part;
  std::optional<moment> since;
  bool nested = false;
  /// `SIZE_MAX` with `--all`.
  std::size_t runs_max = 20;
  bool json = false;
  std::string state;
};

/// `brigade show`.
struct show_options {
  std::string run;
  /// The subtask that is shown whole.
  std::string task;
  bool calls = false;
  /// The plan alone, as `--plan FILE` takes it.
  bool plan = false;
  bool json = false;
  bool no_color = false;
  std::string state;
};

/// `brigade events`.
struct events_options {
  std::string run;
  bool follow = false;
  bool json = false;
  /// Only events above this sequence.
  std::uint64_t after = 0;
  std::string state;
};

/// `brigade export`.
struct export_options {
  std::string run;
  std::string output;
  std::string state;
};

/// `brigade html`.
struct html_options {
  std::string run;
  std::string output;
  std::string state;
};

/// `brigade replay`.
struct replay_options {
  /// What `brigade export` wrote.
  std::string file;
  bool json = false;
  std::string output;
  bool quiet = false;
  bool no_color = false;
};

/// `brigade prune`. A run goes when it is named, or when all that is given
/// here applies to it; without names, at least one of them is given.
struct prune_options {
  std::vector<std::string> runs;
  /// Only runs whose last event is at least so old.
  std::optional<std::int64_t> older_than_ms;
  /// The newest so many stay.
  std::optional<std::size_t> keep;
  /// Only runs that ended so.
  std::optional<core::run_status> status;
  bool dry_run = false;
  /// Does not ask.
  bool yes = false;
  std::string state;
};

/// `brigade check`.
struct check_options {
  /// Empty only with `schema`.
  std::string file;
  bool schema = false;
};

/// `brigade serve`.
struct serve_options {
  /// The daemon's file, or a crew file; never empty.
  std::string config;
  /// As in `run_options`; they apply to `config` only.
  std::vector<std::string> sets;
  /// Overrides `server.listen`; empty: as the file says.
  std::string listen;
  /// Overrides `server.state`.
  std::string state;
};

/// `brigade version`, and `--version`.
struct version_options {};

/// The user asked for help: this text goes to stdout.
struct help_text {
  std::string text;
};

using command_line =
    std::variant<run_options, resume_options, approve_options, reject_options,
                 cancel_options, runs_options, show_options, events_options,
                 export_options, html_options, replay_options, prune_options,
                 check_options, serve_options, version_options, help_text,
                 problem>;

/// `args` are the arguments without the program's name.
command_line parse_command_line(std::vector<std::string> args);

} // namespace brigade::app
