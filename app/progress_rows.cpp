#include "brigade/app/progress_rows.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/progress_style.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <ranges>

namespace brigade::app {

namespace {

/// Widest id and worker's name that are shown whole, in columns.
constexpr std::size_t id_columns_max = 12;
constexpr std::size_t worker_columns_max = 16;
constexpr std::size_t worker_columns_tight = 8;
/// A narrower note says nothing.
constexpr std::size_t note_columns_min = 10;

struct row {
  core::task_status status = core::task_status::not_started;
  bool retrying = false;
  std::string id;
  std::string worker;
  std::string state;
  std::string elapsed;
  std::string tokens;
  std::string tokens_short;
  std::string cost;
  std::string note;
};

/// Widths of all columns; 0: the column is left out.
struct layout {
  std::size_t id = 0;
  std::size_t worker = 0;
  std::size_t state = 0;
  std::size_t elapsed = 0;
  std::size_t tokens = 0;
  std::size_t cost = 0;
  std::size_t note = 0;
  bool short_tokens = false;

  /// Everything but the note, with the indent, the glyph and the gaps.
  std::size_t used() const {
    std::size_t sum = 3;
    for (auto width : {id, worker, state, elapsed, tokens, cost}) {
      sum += width > 0 ? width + 1 : 0;
    }
    return sum;
  }
};

/// `t1, t3`: the dependencies that are not over yet.
std::string pending_dependencies(const core::run_state& state,
                                 const core::subtask& task) {
  std::string out;
  for (const auto& edge : task.depends_on) {
    auto on = core::find_task(*state.plan, edge.task);
    if (on && *on < state.tasks.size()
        && !core::is_terminal(state.tasks[*on].status)) {
      out += (out.empty() ? "" : ", ") + edge.task;
    }
  }
  return out;
}

std::string error_text(const core::task_state& t) {
  return t.error_message.empty() ? t.error_code
                                 : t.error_code + ": " + t.error_message;
}

/// `overloaded, try 2`: the call of a running subtask is being repeated.
std::string repeated_call(const core::run_state& state,
                          const std::string& task) {
  for (const auto& call : state.calls | std::views::reverse) {
    if (call.task != task || !call.settled) {
      continue;
    }
    if (call.code == core::outcome_code::ok) {
      return {};
    }
    return std::string{core::to_string(call.code)} + ", try "
           + std::to_string(call.try_no + 1);
  }
  return {};
}

std::string note_of(const core::run_state& state, std::size_t index) {
  const auto& task = state.plan->tasks[index];
  const auto& t = state.tasks[index];
  switch (t.status) {
  case core::task_status::failed:
    return terminal_line(error_text(t));
  case core::task_status::skipped: {
    std::string text = "without";
    for (const auto& missing : t.missing) {
      text += " " + missing;
    }
    return terminal_line(text);
  }
  case core::task_status::not_started: {
    if (t.attempts > 0) {
      return terminal_line(error_text(t));
    }
    auto pending = pending_dependencies(state, task);
    if (!pending.empty()) {
      return terminal_line("after " + pending);
    }
    break;
  }
  case core::task_status::running:
    if (auto text = repeated_call(state, task.id); !text.empty()) {
      return text;
    }
    break;
  case core::task_status::succeeded:
  case core::task_status::cancelled:
    break;
  }
  return terminal_line(task.description);
}

row make_row(const core::run_state& state, std::size_t index,
             std::int64_t now_ms) {
  const auto& task = state.plan->tasks[index];
  const auto& t = state.tasks[index];
  row r;
  r.status = t.status;
  r.retrying = t.status == core::task_status::not_started && t.attempts > 0;
  r.id = terminal_line(task.id);
  r.worker = terminal_line(task.worker);
  r.state = r.retrying ? "retrying" : std::string{status_word(t.status)};
  if (state.status == core::run_status::suspended
      && (r.retrying || t.status == core::task_status::running)) {
    // Nothing turns any more.
    r.retrying = false;
    r.status = core::task_status::cancelled;
    r.state = "suspended";
  }
  if (t.attempts > 1) {
    r.state += " #" + std::to_string(t.attempts);
  }
  if (t.started_ms) {
    r.elapsed =
        display_duration(t.finished_ms.value_or(now_ms) - *t.started_ms);
  }
  if (t.tokens.input_tokens + t.tokens.output_tokens > 0) {
    r.tokens = display_tokens(t.tokens);
    r.tokens_short = display_count(t.tokens.input_tokens) + "/"
                     + display_count(t.tokens.output_tokens);
  }
  if (t.attempts > 0) {
    r.cost = display_cost(t.cost);
  }
  r.note = note_of(state, index);
  return r;
}

std::size_t widest(const std::vector<row>& rows, std::string row::*column) {
  std::size_t width = 0;
  for (const auto& r : rows) {
    width = std::max(width, display_width(r.*column));
  }
  return width;
}

layout lay_out(const std::vector<row>& rows, std::size_t columns) {
  layout l;
  l.id = std::min(widest(rows, &row::id), id_columns_max);
  l.worker = std::min(widest(rows, &row::worker), worker_columns_max);
  l.state = widest(rows, &row::state);
  l.elapsed = widest(rows, &row::elapsed);
  l.tokens = widest(rows, &row::tokens);
  l.cost = widest(rows, &row::cost);
  auto tight = [&] { return l.used() > columns; };
  if (l.used() + note_columns_min > columns) {
    l.tokens = widest(rows, &row::tokens_short);
    l.short_tokens = true;
  }
  if (tight()) {
    l.worker = std::min(l.worker, worker_columns_tight);
  }
  if (tight()) {
    l.tokens = 0;
  }
  if (tight()) {
    l.cost = 0;
  }
  if (l.used() + note_columns_min <= columns) {
    // Two spaces set the note apart.
    l.note = columns - l.used() - 2;
  }
  return l;
}

text_style style_of(const row& r) {
  if (r.retrying) {
    return text_style::yellow;
  }
  switch (r.status) {
  case core::task_status::running:
    return text_style::cyan;
  case core::task_status::succeeded:
    return text_style::green;
  case core::task_status::failed:
    return text_style::red;
  case core::task_status::skipped:
  case core::task_status::cancelled:
    return text_style::yellow;
  case core::task_status::not_started:
    break;
  }
  return text_style::dim;
}

std::string right(std::string_view text, std::size_t columns) {
  auto width = display_width(text);
  auto out = std::string(columns > width ? columns - width : 0, ' ');
  out += text;
  return out;
}

std::string draw(const row& r, const layout& l, std::size_t columns,
                 const tree_view& view) {
  auto style = style_of(r);
  std::string lead = "  ";
  lead += r.retrying ? spinner(view.frame, view.ascii)
                     : status_glyph(r.status, view);
  std::string head = " " + fit_padded(r.id, l.id, view.ascii) + " "
                     + fit_padded(r.worker, l.worker, view.ascii) + " ";
  std::string state = fit_padded(r.state, l.state, view.ascii);
  std::string tail;
  auto add = [&](std::string_view text, std::size_t width) {
    if (width > 0) {
      tail += " " + right(text, width);
    }
  };
  add(r.elapsed, l.elapsed);
  add(l.short_tokens ? r.tokens_short : r.tokens, l.tokens);
  add(r.cost, l.cost);
  std::string note;
  if (l.note > 0 && !r.note.empty()) {
    note = "  " + fit(r.note, l.note, view.ascii);
  }
  auto plain = lead + head + state + tail + note;
  if (display_width(plain) > columns) {
    return fit(plain, columns, view.ascii);
  }
  if (!view.color) {
    plain.erase(plain.find_last_not_of(' ') + 1);
    return plain;
  }
  return styled(std::move(lead), style, true) + head
         + styled(std::move(state), style, true) + tail
         + styled(std::move(note), text_style::dim, true);
}

} // namespace

std::vector<std::string> render_rows(const core::run_state& state,
                                     const std::vector<std::size_t>& shown,
                                     std::size_t columns,
                                     const tree_view& view) {
  std::vector<row> rows;
  rows.reserve(shown.size());
  for (auto index : shown) {
    rows.push_back(make_row(state, index, view.now_ms));
  }
  auto l = lay_out(rows, columns);
  std::vector<std::string> out;
  out.reserve(rows.size());
  for (const auto& r : rows) {
    out.push_back(draw(r, l, columns, view));
  }
  return out;
}

} // namespace brigade::app
