#include "brigade/app/export_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/result_file.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/run_export.hpp"
#include "brigade/store/archive.hpp"

#include <set>
#include <string>
#include <utility>
#include <variant>

namespace brigade::app {

namespace {

/// The run and those nested in it, as far as they were begun.
store::result<core::run_export> collect(const store::archive& runs,
                                        const core::run_id& id,
                                        std::size_t nesting) {
  auto source = runs.source(id);
  if (!source)
    return source.error();
  auto events = runs.events(id);
  if (!events)
    return events.error();
  core::run_export run;
  run.id = id;
  run.source = std::move(*source);
  // Paths of this machine, which nobody else needs.
  run.source.origin.clear();
  std::set<std::string> nested;
  for (const auto& e : *events) {
    run.events.push_back(*e);
    const auto* intent = std::get_if<core::events::call_intended>(&e->body);
    if (!intent || intent->nested_run.empty()
        || nesting == core::run_export_nesting_max
        || !nested.insert(intent->nested_run).second)
      continue;
    auto below = collect(runs, {intent->nested_run}, nesting + 1);
    if (below)
      run.nested.push_back(std::move(*below));
    else if (below.error().code != store::fault_code::not_found)
      return below.error();
  }
  return run;
}

int refuse(const std::string& why, int code) {
  tell({"brigade: " + terminal_line(why)});
  return code;
}

} // namespace

int export_command(const export_options& options) {
  auto directory = state_directory(options.state, process_environment());
  if (auto* fault = std::get_if<problem>(&directory)) {
    tell({"brigade: " + fault->message, "  " + fault->hint});
    return exit_usage;
  }
  auto runs = store::archive::open(std::get<std::string>(directory));
  if (!runs)
    return refuse(runs.error().message, exit_usage);
  auto found = runs->find(options.run);
  if (!found)
    return refuse(found.error().message, exit_usage);
  auto run = collect(*runs, found->summary.id, 0);
  if (!run)
    return refuse(run.error().message, exit_failed);
  const auto text = core::to_json(*run) + "\n";
  if (text.size() > core::run_export_bytes_max)
    tell({"warning: the file is larger than `brigade replay` reads ("
          + std::to_string(core::run_export_bytes_max) + " bytes)"});
  return write_result(text, options.output) ? exit_ok : exit_failed;
}

} // namespace brigade::app
