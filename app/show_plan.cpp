#include "brigade/app/show_plan.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/plan_tree.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/text_block.hpp"
#include "brigade/app/time_bar.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Deeper subtasks are drawn at this level.
constexpr std::uint32_t level_max = 6;
constexpr std::size_t name_columns_max = 34;
constexpr std::size_t bar_columns_min = 10;
constexpr std::size_t bar_columns_max = 60;
constexpr std::size_t failure_indent = 6;

struct row {
  std::size_t task = 0;
  std::string name;
  std::string word;
  std::string time;
  std::string cost;
};

struct widths {
  std::size_t name = 0;
  std::size_t word = 0;
  std::size_t time = 0;
  std::size_t cost = 0;
  std::size_t bar = 0;
};

row make_row(const stored_run& run, const tree_place& place, bool ascii) {
  const auto& state = run.history.state;
  const auto& task = state.plan->tasks[place.task];
  const auto& t = state.tasks[place.task];
  row r;
  r.task = place.task;
  auto level = std::min(place.level, level_max);
  if (level > 0) {
    r.name = std::string((level - 1) * 2, ' ') + (ascii ? "` " : "\u2514 ");
  }
  r.name += terminal_line(task.id) + " " + terminal_line(task.worker);
  const char* separator = " (+";
  for (auto other : place.also_after) {
    r.name += separator + terminal_line(state.plan->tasks[other].id);
    separator = ",";
  }
  r.name += place.also_after.empty() ? "" : ")";
  r.word = task_word(run, place.task);
  if (t.attempts > 1) {
    r.word += " #" + std::to_string(t.attempts);
  }
  if (t.started_ms) {
    r.time = display_duration(core::duration_ms(state, t));
    r.cost = display_cost(t.cost);
  }
  return r;
}

widths lay_out(const std::vector<row>& rows, const show_view& view) {
  widths w;
  for (const auto& r : rows) {
    w.name = std::max(w.name, display_width(r.name));
    w.word = std::max(w.word, display_width(r.word));
    w.time = std::max(w.time, r.time.size());
    w.cost = std::max(w.cost, r.cost.size());
  }
  w.name = std::min(w.name, name_columns_max);
  auto columns = drawing_columns(view);
  auto used = [&w] {
    return 4 + w.name + 2 + w.word + 1 + w.time + 2 + w.cost;
  };
  if (used() + 2 + bar_columns_min > columns) {
    // The bar is dearer than the end of long names.
    auto excess = used() + 2 + bar_columns_min - columns;
    w.name -= std::min(excess, w.name / 2);
  }
  if (used() + 2 + bar_columns_min <= columns) {
    w.bar = std::min(columns - used() - 2, bar_columns_max);
  }
  return w;
}

std::string right(const std::string& text, std::size_t columns) {
  return std::string(columns - std::min(columns, text.size()), ' ') + text;
}

std::string draw(const stored_run& run, const row& r, const widths& w,
                 bool critical, const show_view& view) {
  auto style = task_style(task_word(run, r.task));
  std::string lead{task_sign(run, r.task, view.ascii)};
  auto line =
      "  " + styled(std::move(lead), style, view.color) + (critical ? "*" : " ")
      + fit_padded(r.name, w.name, view.ascii) + "  "
      + styled(fit_padded(r.word, w.word, view.ascii), style, view.color) + " "
      + right(r.time, w.time) + "  " + right(r.cost, w.cost);
  if (w.bar > 0 && r.task < run.history.attempts.size()) {
    line += "  "
            + styled(time_bar(run.history.attempts[r.task],
                              run.history.state.last_at_ms, w.bar, view.ascii),
                     style, view.color);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Why a subtask has no result, and what its earlier attempts ended with.
void append_failure(lines& out, const stored_run& run, std::size_t task,
                    const show_view& view) {
  const auto& t = run.history.state.tasks[task];
  std::string text;
  if (t.status == core::task_status::skipped) {
    text = "skipped for want of";
    const char* separator = " ";
    for (const auto& missing : t.missing) {
      text += separator + terminal_line(missing);
      separator = ", ";
    }
  } else if (t.status != core::task_status::succeeded
             && !t.error_code.empty()) {
    text = cause_text(t.error_code, t.error_message);
  }
  if (text.empty()) {
    return;
  }
  auto style = t.status == core::task_status::failed ? text_style::red
                                                     : text_style::yellow;
  lines block;
  append_block(block, text, failure_indent, view.columns);
  for (auto& line : block) {
    out.push_back(styled(std::move(line), style, view.color));
  }
}

lines faults_of(const stored_run& run, const show_view& view) {
  const auto& state = run.history.state;
  lines out;
  if (state.plans_rejected == 0) {
    out.emplace_back("plan      none was proposed");
    return out;
  }
  out.push_back("plan      " + counted(state.plans_rejected, "proposal")
                + " rejected, the last one for "
                + counted(state.faults.size(), "fault") + ":");
  for (const auto& fault : state.faults) {
    auto text = cause_text(fault.code, fault.message);
    if (!fault.pointer.empty()) {
      text = terminal_line(fault.pointer) + "  " + text;
    }
    append_block(out, text, failure_indent, view.columns);
  }
  return out;
}

} // namespace

lines show_plan(const stored_run& run, const show_view& view) {
  const auto& state = run.history.state;
  if (!state.plan) {
    return faults_of(run, view);
  }
  if (state.plan->tasks.empty()) {
    return {"plan      answered directly, no subtasks"};
  }
  auto critical = on_critical_path(state);
  std::vector<row> rows;
  for (const auto& place : plan_tree(*state.plan)) {
    rows.push_back(make_row(run, place, view.ascii));
  }
  auto w = lay_out(rows, view);
  auto path = core::critical_path_of(state);
  lines out{"plan      " + counted(rows.size(), "subtask") + ", depth "
            + std::to_string(plan_depth(*state.plan))};
  if (!path.tasks.empty()) {
    out.back() += "; * critical path, " + display_duration(path.ms) + " of "
                  + display_duration(state.last_at_ms);
  }
  out.emplace_back();
  for (const auto& r : rows) {
    out.push_back(draw(run, r, w, critical[r.task], view));
    append_failure(out, run, r.task, view);
  }
  if (w.bar > 0) {
    auto indent = 4 + w.name + 2 + w.word + 1 + w.time + 2 + w.cost + 2;
    out.push_back(
        styled(std::string(indent, ' ') + time_scale(state.last_at_ms, w.bar),
               text_style::dim, view.color));
  }
  return out;
}

} // namespace brigade::app
