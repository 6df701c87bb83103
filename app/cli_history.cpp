// The command lines that look back: `runs`, `show`, `events`, `export`, `html`
// and `prune`.

#include "brigade/app/cli_commands.hpp"
#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_parser.hpp"
#include "brigade/app/cli_values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

constexpr std::array<std::string_view, 7> status_words = {
    "running", interrupted_word, "succeeded", "partial",
    "failed",  "cancelled",      "suspended"};

problem not_a_status(std::string_view word, std::string_view known) {
  return {"--status " + in_quotes(word) + " is no status of a run",
          "one of " + std::string{known}};
}

problem not_a_count(std::string_view option, std::string_view text,
                    std::string_view example) {
  return {std::string{option} + " " + in_quotes(text) + " is not a number",
          "for example: " + std::string{example}};
}

/// The run, and nothing else.
std::optional<problem> take_only_run(command_parser& parser,
                                     std::string_view command,
                                     std::string& run) {
  if (auto fault = take_run_name(parser.words, command, run)) {
    return fault;
  }
  if (!parser.words.empty()) {
    return problem{"unexpected argument " + in_quotes(parser.words.front()),
                   "brigade " + std::string{command} + " takes one run"};
  }
  return std::nullopt;
}

struct raw_runs {
  std::string since;
  std::string count;
  bool all = false;
};

std::optional<problem> complete(runs_options& options, const raw_runs& raw) {
  if (!options.status.empty()
      && std::ranges::find(status_words, options.status)
             == status_words.end()) {
    return not_a_status(options.status,
                        "running, interrupted, succeeded, partial, failed, "
                        "cancelled, suspended");
  }
  if (!raw.since.empty()) {
    options.since = parse_moment(raw.since);
    if (!options.since) {
      return problem{"--since " + in_quotes(raw.since)
                         + " is neither an age nor a day",
                     "for example: --since 24h, --since 7d, --since "
                     "2026-11-01"};
    }
  }
  if (raw.all && !raw.count.empty()) {
    return problem{"-n and --all contradict each other", "keep one of them"};
  }
  if (raw.all) {
    options.runs_max = SIZE_MAX;
  }
  if (!raw.count.empty()) {
    auto count = parse_count(raw.count);
    if (!count || *count == 0) {
      return not_a_count("-n", raw.count, "-n 50, or --all");
    }
    options.runs_max = *count;
  }
  return std::nullopt;
}

struct raw_prune {
  std::string older_than;
  std::string keep;
  std::string status;
};

/// Runs that have ended are the only ones that can be deleted.
std::optional<problem> take_end(const std::string& word,
                                std::optional<core::run_status>& status) {
  status = core::parse_run_status(word);
  if (!status || *status == core::run_status::running
      || *status == core::run_status::suspended) {
    return not_a_status(word, "succeeded, partial, failed, cancelled: only "
                              "runs that have ended are deleted");
  }
  return std::nullopt;
}

std::optional<problem> complete(prune_options& options, const raw_prune& raw) {
  if (!raw.older_than.empty()) {
    options.older_than_ms = parse_duration_ms(raw.older_than);
    if (!options.older_than_ms) {
      return problem{"--older-than " + in_quotes(raw.older_than)
                         + " is not an age",
                     "for example: --older-than 30d"};
    }
  }
  if (!raw.keep.empty()) {
    options.keep = parse_count(raw.keep);
    if (!options.keep) {
      return not_a_count("--keep", raw.keep, "--keep 100");
    }
  }
  if (!raw.status.empty()) {
    if (auto fault = take_end(raw.status, options.status)) {
      return fault;
    }
  }
  for (const auto& run : options.runs) {
    if (auto fault = run_name_fault(run, "brigade prune last")) {
      return fault;
    }
  }
  bool chosen = options.older_than_ms || options.keep || options.status;
  if (options.runs.empty() && !chosen) {
    return problem{"nothing says which runs to delete",
                   "for example: brigade prune --older-than 30d"};
  }
  if (!options.runs.empty() && chosen) {
    return problem{"runs are either named or chosen by options, not both",
                   "see brigade prune --help"};
  }
  return std::nullopt;
}

/// `export` and `html` read alike.
template <class Options>
command_line parse_to_file(const strings& args, std::string_view command,
                           std::string_view help) {
  command_parser parser{command, help};
  Options options;
  parser.add_option("-o,--output", options.output);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (auto fault = take_only_run(parser, command, options.run)) {
    return *fault;
  }
  if (options.output == "-") {
    options.output.clear();
  }
  return options;
}

} // namespace

command_line parse_runs(const strings& args) {
  command_parser parser{"runs", runs_help};
  runs_options options;
  raw_runs raw;
  parser.add_option("--status", options.status);
  parser.add_option("--crew", options.crew);
  parser.add_option("--goal", options.goal_part);
  parser.add_option("--since", raw.since);
  parser.add_flag("--nested", options.nested);
  parser.add_option("-n", raw.count);
  parser.add_flag("--all", raw.all);
  parser.add_flag("--json", options.json);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (!parser.words.empty()) {
    return problem{"unexpected argument " + in_quotes(parser.words.front()),
                   "to look at one run: brigade show RUN"};
  }
  if (auto fault = complete(options, raw)) {
    return *fault;
  }
  return options;
}

command_line parse_show(const strings& args) {
  command_parser parser{"show", show_help};
  show_options options;
  parser.add_flag("--calls", options.calls);
  parser.add_flag("--plan", options.plan);
  parser.add_flag("--json", options.json);
  parser.add_flag("--no-color", options.no_color);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (auto fault = take_run_name(parser.words, "show", options.run)) {
    return *fault;
  }
  if (parser.words.size() > 1) {
    return problem{"unexpected argument " + in_quotes(parser.words[1]),
                   "brigade show takes a run and at most one of its subtasks"};
  }
  if (!parser.words.empty()) {
    options.task = std::move(parser.words.front());
  }
  return options;
}

command_line parse_events(const strings& args) {
  command_parser parser{"events", events_help};
  events_options options;
  std::string after;
  parser.add_flag("--follow", options.follow);
  parser.add_flag("--json", options.json);
  parser.add_option("--after", after);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (auto fault = take_only_run(parser, "events", options.run)) {
    return *fault;
  }
  if (!after.empty()) {
    auto count = parse_count(after);
    if (!count) {
      return not_a_count("--after", after, "--after 40");
    }
    options.after = *count;
  }
  return options;
}

command_line parse_export(const strings& args) {
  return parse_to_file<export_options>(args, "export", export_help);
}

command_line parse_html(const strings& args) {
  return parse_to_file<html_options>(args, "html", html_help);
}

command_line parse_prune(const strings& args) {
  command_parser parser{"prune", prune_help};
  prune_options options;
  raw_prune raw;
  parser.add_option("--older-than", raw.older_than);
  parser.add_option("--keep", raw.keep);
  parser.add_option("--status", raw.status);
  parser.add_flag("--dry-run", options.dry_run);
  parser.add_flag("-y,--yes", options.yes);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  options.runs = std::move(parser.words);
  if (auto fault = complete(options, raw)) {
    return *fault;
  }
  return options;
}

} // namespace brigade::app
