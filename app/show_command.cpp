#include "brigade/app/show_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/pretty_json.hpp"
#include "brigade/app/show_calls.hpp"
#include "brigade/app/show_run.hpp"
#include "brigade/app/show_task.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <unistd.h>

namespace brigade::app {

namespace {

show_view view_of(const show_options& options) {
  bool to_terminal = ::isatty(STDOUT_FILENO) != 0;
  auto traits = traits_of(to_terminal, options.no_color, process_environment());
  show_view view;
  view.columns = to_terminal ? size_of_terminal(STDOUT_FILENO).columns : 0;
  view.color = traits.color;
  view.ascii = traits.ascii;
  return view;
}

boost::json::value json_of(const stored_run& run, const show_options& options,
                           std::optional<std::size_t> task) {
  auto whole = core::to_json(report_of(run));
  auto& report = whole.as_object();
  report["status"] = status_word(run.listed);
  if (task) {
    auto one = report["tasks"].as_array().at(*task);
    report["tasks"] = boost::json::array{std::move(one)};
  }
  if (options.calls) {
    auto calls = calls_json(run.history);
    if (task) {
      boost::json::array kept;
      for (auto& call : calls.as_array()) {
        if (call.at("task") == boost::json::value(options.task)) {
          kept.push_back(std::move(call));
        }
      }
      calls = std::move(kept);
    }
    report["calls"] = std::move(calls);
  }
  return whole;
}

std::vector<std::string> lines_of(const stored_run& run,
                                  const show_options& options,
                                  std::optional<std::size_t> task) {
  auto view = view_of(options);
  if (task) {
    return show_task(run, *task, options.calls, view);
  }
  auto lines = show_run(run, view);
  if (options.calls) {
    lines.emplace_back();
    for (auto& line : show_calls(run, {}, view)) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

} // namespace

int show_command(const show_options& options) {
  auto read = read_run(options.state, options.run);
  if (auto* code = std::get_if<int>(&read)) {
    return *code;
  }
  const auto& run = std::get<stored_run>(read);
  const auto& state = run.history.state;
  std::optional<std::size_t> task;
  if (!options.task.empty()) {
    if (state.plan) {
      task = core::find_task(*state.plan, options.task);
    }
    if (!task) {
      tell({"brigade: run " + terminal_line(run.listed.summary.id.text)
                + " has no subtask '" + fit(terminal_line(options.task), 60)
                + "'",
            "  its subtasks: " + task_names(state)});
      return exit_usage;
    }
  }
  if (options.plan) {
    if (!state.plan) {
      tell({"brigade: run " + terminal_line(run.listed.summary.id.text)
            + " has no plan"});
      return exit_usage;
    }
    return print_all(pretty_json(core::to_json(*state.plan)));
  }
  if (options.json) {
    return print_all(boost::json::serialize(json_of(run, options, task))
                     + "\n");
  }
  std::string text;
  for (const auto& line : lines_of(run, options, task)) {
    text += line + "\n";
  }
  return print_all(text);
}

} // namespace brigade::app
