#include "brigade/app/replay_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/inputs.hpp"
#include "brigade/app/pretty_json.hpp"
#include "brigade/app/replay_runtime.hpp"
#include "brigade/app/result_file.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/replay.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace brigade::app {

namespace {

/// Reads the file, or says why it cannot be replayed.
std::optional<core::replay> load(const std::string& path) {
  const auto refuse = [&path](const std::string& why) {
    tell({"brigade: " + terminal_line(path) + ": " + terminal_line(why)});
    return std::nullopt;
  };
  auto file = read_file(path, core::run_export_bytes_max);
  if (auto* fault = std::get_if<read_fault>(&file))
    return refuse(fault->message);
  auto run = core::run_export_from_json(std::get<std::string>(file));
  if (!run.value)
    return refuse("is no run of this version of Brigade; "
                  + core::to_string(run.fault));
  auto prepared = core::prepare_replay(*run.value);
  if (auto* why = std::get_if<core::replay_refused>(&prepared))
    return refuse(*why);
  return std::get<core::replay>(std::move(prepared));
}

/// What the user gets, or nothing when there is no answer.
std::optional<std::string> content_of(const core::run_report& report,
                                      bool as_json, bool plan_only) {
  if (as_json)
    return boost::json::serialize(core::to_json(report)) + "\n";
  if (plan_only && report.state.plan)
    return pretty_json(core::to_json(*report.state.plan));
  if (report.state.answer.empty())
    return std::nullopt;
  auto text = report.state.answer.str();
  if (!text.ends_with('\n'))
    text += '\n';
  return text;
}

std::vector<std::string> verdict(std::vector<std::string> differences,
                                 std::size_t unknown_requests) {
  std::vector<std::string> lines{
      "brigade: the replay differs from the recorded run:"};
  for (const auto& line : differences)
    lines.push_back("  " + terminal_line(line));
  if (unknown_requests > 0)
    lines.push_back(
        "  " + std::to_string(unknown_requests)
        + (unknown_requests == 1 ? " request was" : " requests were")
        + " made for which nothing is recorded: another version of "
          "Brigade made that run, or its file was changed");
  return lines;
}

} // namespace

int replay_command(const replay_options& options) {
  auto loaded = load(options.file);
  if (!loaded)
    return exit_usage;
  const bool plan_only = loaded->order.plan_only;
  auto end = run_recorded(std::move(loaded->order), std::move(loaded->script));
  if (!end.report) {
    tell({"brigade: the replay did not end: " + terminal_line(end.failure)});
    return exit_failed;
  }
  const auto content = content_of(*end.report, options.json, plan_only);
  if (content && !write_result(*content, options.output))
    return exit_failed;
  auto differences =
      core::replay_differences(loaded->recorded, end.report->state);
  if (!differences.empty()) {
    tell(verdict(std::move(differences), end.unknown_requests));
    return exit_failed;
  }
  if (!options.quiet)
    tell({"replayed: " + std::to_string(end.report->state.calls.size())
          + " calls from the record, none sent; the outcome is the recorded "
            "one"});
  return exit_ok;
}

} // namespace brigade::app
