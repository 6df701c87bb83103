#include "brigade/app/show_view.hpp"

#include "brigade/app/cli.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

constexpr std::size_t columns_without_terminal = 120;
constexpr std::size_t columns_min = 40;

} // namespace

std::size_t drawing_columns(const show_view& view) {
  auto columns = view.columns == 0 ? columns_without_terminal : view.columns;
  return std::max(columns, columns_min) - 1;
}

std::string_view task_word(const stored_run& run, std::size_t task) {
  const auto& t = run.history.state.tasks[task];
  bool stopped = run.listed.owner.empty()
                 || run.history.state.status == core::run_status::suspended;
  bool at_work = t.status == core::task_status::running;
  if (at_work && stopped) {
    return interrupted_word;
  }
  if (t.status == core::task_status::not_started && t.attempts > 0
      && !stopped) {
    return "retrying";
  }
  return status_word(t.status);
}

std::string_view task_sign(const stored_run& run, std::size_t task,
                           bool ascii) {
  tree_view view;
  view.ascii = ascii;
  auto status = run.history.state.tasks[task].status;
  if (status == core::task_status::running) {
    return task_word(run, task) == interrupted_word ? (ascii ? "!" : "\u2016")
           : ascii                                  ? ">"
                                                    : "\u25B6";
  }
  return status_glyph(status, view);
}

text_style task_style(std::string_view word) {
  if (word == "done") {
    return text_style::green;
  }
  if (word == "failed") {
    return text_style::red;
  }
  if (word == "running") {
    return text_style::cyan;
  }
  return word == "waiting" ? text_style::dim : text_style::yellow;
}

std::string cause_text(std::string_view code, std::string_view message) {
  auto text = terminal_line(code);
  if (!message.empty()) {
    text += (text.empty() ? "" : ": ") + terminal_line(message);
  }
  return text;
}

std::optional<std::size_t> first_failure(const core::run_state& state) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    const auto& t = state.tasks[i];
    if (t.status == core::task_status::failed
        && (!first
            || t.finished_ms.value_or(0)
                   < state.tasks[*first].finished_ms.value_or(0))) {
      first = i;
    }
  }
  return first;
}

std::vector<bool> on_critical_path(const core::run_state& state) {
  std::vector<bool> marks(state.tasks.size(), false);
  for (auto i : core::critical_path_of(state).tasks) {
    marks[i] = true;
  }
  return marks;
}

} // namespace brigade::app
