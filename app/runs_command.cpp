#include "brigade/app/runs_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/runs_table.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/stored_run.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/wall_time.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

/// Whether a run is `running` or `interrupted` is known only here, so both are
/// asked for without a limit.
bool needs_owner(const runs_options& options) {
  return options.status == "running" || options.status == interrupted_word;
}

store::list_filter filter_of(const runs_options& options, std::int64_t now_ms) {
  store::list_filter filter;
  if (needs_owner(options)) {
    filter.status = core::run_status::running;
  } else if (!options.status.empty()) {
    filter.status = core::parse_run_status(options.status);
  }
  filter.crew = options.crew;
  filter.goal_part = options.goal_part;
  if (options.since) {
    filter.since_wall_ms = options.since->wall_ms(now_ms);
  }
  filter.nested = options.nested;
  filter.runs_max = needs_owner(options) ? SIZE_MAX : options.runs_max;
  return filter;
}

int show_list(const std::vector<store::listed_run>& runs,
              const runs_options& options, std::int64_t now_ms) {
  if (options.json) {
    return print_all(boost::json::serialize(runs_json(runs)) + "\n");
  }
  if (runs.empty()) {
    bool filtered = !options.status.empty() || !options.crew.empty()
                    || !options.goal_part.empty() || options.since;
    tell({filtered ? "no such runs; brigade runs --all lists every one"
                   : "no runs yet; brigade run \"...\" makes one"});
    return exit_ok;
  }
  bool to_terminal = ::isatty(STDOUT_FILENO) != 0;
  auto traits = traits_of(to_terminal, false, process_environment());
  table_view view;
  view.columns = to_terminal ? size_of_terminal(STDOUT_FILENO).columns : 0;
  view.color = traits.color;
  view.ascii = traits.ascii;
  view.now_wall_ms = now_ms;
  std::string text;
  for (const auto& line : runs_table(runs, view)) {
    text += line + "\n";
  }
  return print_all(text);
}

} // namespace

int runs_command(const runs_options& options) {
  auto now_ms = now_wall_ms();
  auto listed = list_runs(options.state, filter_of(options, now_ms));
  if (auto* code = std::get_if<int>(&listed)) {
    return *code;
  }
  auto runs = std::get<std::vector<store::listed_run>>(std::move(listed));
  if (needs_owner(options)) {
    std::erase_if(runs, [&](const store::listed_run& run) {
      return status_word(run) != options.status;
    });
  }
  if (runs.size() > options.runs_max) {
    runs.resize(options.runs_max);
  }
  return show_list(runs, options, now_ms);
}

} // namespace brigade::app
