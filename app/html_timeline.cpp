// When everything happened, as a picture.

#include "brigade/app/display.hpp"
#include "brigade/app/html_parts.hpp"
#include "brigade/app/html_text.hpp"
#include "brigade/app/show_calls.hpp"
#include "brigade/app/show_view.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <map>

namespace brigade::app {

namespace {

/// In pixels.
constexpr std::size_t label_width = 170;
constexpr std::size_t scale_width = 900;
constexpr std::size_t row_height = 22;
constexpr std::size_t bar_height = 14;
constexpr std::size_t head_height = 24;
constexpr std::size_t width_min = 2;
constexpr std::size_t label_columns = 24;
/// Lines of the grid.
constexpr std::int64_t steps = 6;

/// Draws rows on one scale.
struct chart {
  const stored_run& run;
  std::int64_t total_ms;
  std::size_t rows = 0;
  std::string out{};

  std::size_t x(std::int64_t ms) const {
    ms = std::clamp<std::int64_t>(ms, 0, total_ms);
    return label_width
           + static_cast<std::size_t>(static_cast<double>(ms)
                                      * static_cast<double>(scale_width)
                                      / static_cast<double>(total_ms));
  }

  std::size_t y() const { return head_height + rows * row_height; }

  void label(const std::string& text) {
    out += "<text x=\"4\" y=\"" + std::to_string(y() + 13) + "\">"
           + html_line(text, label_columns) + "</text>\n";
  }

  void bar(std::string_view kind, std::int64_t from_ms, std::int64_t to_ms,
           const std::string& title, std::size_t inset = 0) {
    auto left = x(from_ms);
    auto width = std::max(x(std::max(from_ms, to_ms)) - left, width_min);
    out += "<rect class=\"" + std::string{kind} + "\" x=\""
           + std::to_string(left) + "\" y=\"" + std::to_string(y() + 2 + inset)
           + "\" width=\"" + std::to_string(width) + "\" height=\""
           + std::to_string(bar_height - 2 * inset) + "\"><title>"
           + html_line(title, 200) + "</title></rect>\n";
  }

  void calls(const std::vector<std::size_t>& which) {
    for (auto i : which) {
      const auto& h = run.history.calls[i];
      bar("call", h.started_ms, h.ended_ms.value_or(total_ms),
          "call " + call_line(run, i), 4);
    }
  }

  void attempts(std::size_t task) {
    const auto& all = run.history.attempts[task];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& a = all[i];
      auto end = a.ended_ms.value_or(total_ms);
      if (i + 1 < all.size()) {
        bar("gap", end, all[i + 1].started_ms, "waits for the next attempt", 5);
      }
      auto kind = a.end == core::attempt_end::succeeded ? "done"
                  : a.end == core::attempt_end::open
                      ? (task_word(run, task) == "running" ? "work" : "stop")
                  : a.end == core::attempt_end::failed
                          || a.end == core::attempt_end::retried
                      ? "failed"
                      : "stop";
      bar(kind, a.started_ms, end,
          "attempt " + std::to_string(a.attempt) + ": "
              + std::string{core::to_string(a.end)} + ", "
              + display_duration(end - a.started_ms) + " "
              + cause_text(a.code, a.message));
    }
  }

  std::string grid(std::size_t height) const {
    std::string lines;
    for (std::int64_t i = 0; i <= steps; ++i) {
      auto ms = total_ms * i / steps;
      auto at = std::to_string(x(ms));
      lines += "<line class=\"grid\" x1=\"" + at + "\" x2=\"" + at
               + "\" y1=\"18\" y2=\"" + std::to_string(height)
               + "\"/><text class=\"sub\" text-anchor=\"middle\" x=\"" + at
               + "\" y=\"12\">" + display_duration(ms) + "</text>\n";
    }
    return lines;
  }
};

} // namespace

std::string html_timeline(const stored_run& run) {
  const auto& state = run.history.state;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_task;
  std::vector<std::size_t> planning;
  std::vector<std::size_t> synthesis;
  for (std::size_t i = 0; i < state.calls.size(); ++i) {
    const auto& call = state.calls[i];
    if (call.role == core::call_role::planner) {
      planning.push_back(i);
    } else if (call.role == core::call_role::synthesizer) {
      synthesis.push_back(i);
    } else {
      by_task[call.task].push_back(i);
    }
  }
  chart c{run, std::max<std::int64_t>(state.last_at_ms, 1)};
  auto rows = state.tasks.size() + 1 + (state.synthesis_started_ms ? 1 : 0);
  auto height = head_height + rows * row_height + 8;
  c.label("planning");
  c.bar(state.plan ? "done" : "failed", 0,
        state.plan_accepted_ms.value_or(state.last_at_ms), "planning");
  c.calls(planning);
  ++c.rows;
  for (std::size_t i = 0; i < state.tasks.size(); ++i, ++c.rows) {
    const auto& task = state.plan->tasks[i];
    c.label(std::string{task_sign(run, i, false)} + " " + terminal_line(task.id)
            + " " + terminal_line(task.worker));
    if (i < run.history.attempts.size()) {
      c.attempts(i);
    }
    if (auto calls = by_task.find(task.id); calls != by_task.end()) {
      c.calls(calls->second);
    }
  }
  if (state.synthesis_started_ms) {
    c.label("synthesis");
    c.bar(state.synthesis_error.empty() ? "done" : "failed",
          *state.synthesis_started_ms, state.last_at_ms, "synthesis");
    c.calls(synthesis);
  }
  return "<p>One bar per attempt; the inner bars are calls; dashes are waits. "
         "Point at a bar to read it.</p>\n<div class=\"scroll\" "
         "tabindex=\"0\" role=\"group\" aria-label=\"Timeline\"><svg "
         "role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" "
         "aria-label=\"Attempts and calls over time\" width=\""
         + std::to_string(label_width + scale_width + 40) + "\" height=\""
         + std::to_string(height) + "\">\n" + c.grid(height) + c.out
         + "</svg></div>\n";
}

} // namespace brigade::app
