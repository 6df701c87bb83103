// The plan as a picture.

#include "brigade/app/display.hpp"
#include "brigade/app/html_parts.hpp"
#include "brigade/app/html_text.hpp"
#include "brigade/app/plan_tree.hpp"
#include "brigade/app/show_view.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

/// In pixels.
constexpr std::size_t box_width = 170;
constexpr std::size_t box_height = 44;
constexpr std::size_t gap_across = 60;
constexpr std::size_t gap_down = 14;
constexpr std::size_t margin = 12;
/// Of a name in a box, in columns.
constexpr std::size_t name_columns = 20;
/// A plan of more subtasks without an order stands in rows of so many.
constexpr std::size_t column_boxes_max = 60;

struct spot {
  std::size_t x = 0;
  std::size_t y = 0;
};

struct drawing {
  std::vector<spot> spots;
  std::size_t width = 0;
  std::size_t height = 0;
};

/// Columns by level; a level with too many boxes takes several columns.
drawing place(const std::vector<std::uint32_t>& levels) {
  drawing out;
  out.spots.resize(levels.size());
  auto depth = *std::ranges::max_element(levels) + 1;
  std::vector<std::vector<std::size_t>> columns(depth);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    columns[levels[i]].push_back(i);
  }
  std::size_t x = margin;
  for (const auto& column : columns) {
    for (std::size_t n = 0; n < column.size(); ++n) {
      if (n > 0 && n % column_boxes_max == 0) {
        x += box_width + gap_down;
      }
      auto y = margin + n % column_boxes_max * (box_height + gap_down);
      out.spots[column[n]] = {x, y};
      out.height = std::max(out.height, y + box_height + margin);
    }
    x += box_width + gap_across;
  }
  out.width = x - gap_across + margin;
  return out;
}

std::string edge(spot from, spot to, bool critical) {
  auto x1 = std::to_string(from.x + box_width);
  auto y1 = std::to_string(from.y + box_height / 2);
  auto y2 = std::to_string(to.y + box_height / 2);
  auto bend = std::to_string(to.x - std::min(to.x, gap_across / 2));
  auto bend_from = std::to_string(from.x + box_width + gap_across / 2);
  return "<path class=\"edge" + std::string{critical ? " crit" : ""}
         + "\" d=\"M" + x1 + " " + y1 + " C" + bend_from + " " + y1 + " " + bend
         + " " + y2 + " " + std::to_string(to.x) + " " + y2 + "\"/>\n";
}

std::string box(const stored_run& run, std::size_t task, spot at,
                bool critical) {
  const auto& state = run.history.state;
  const auto& planned = state.plan->tasks[task];
  const auto& t = state.tasks[task];
  auto word = std::string{task_word(run, task)};
  auto title = terminal_line(planned.id) + " " + terminal_line(planned.worker);
  auto below = word;
  if (t.started_ms) {
    below += "  " + display_duration(core::duration_ms(state, t)) + "  "
             + display_cost(t.cost);
  }
  auto x = std::to_string(at.x);
  auto text_x = std::to_string(at.x + 8);
  auto out = "<a href=\"#task-" + html_line(planned.id) + "\"><title>"
             + html_line(planned.id + ": " + planned.description, 200)
             + "</title><rect class=\"" + html_state_class(run, task)
             + (critical ? " crit" : "") + "\" x=\"" + x + "\" y=\""
             + std::to_string(at.y) + "\" width=\"" + std::to_string(box_width)
             + "\" height=\"" + std::to_string(box_height)
             + "\" rx=\"5\"/><text x=\"" + text_x + "\" y=\""
             + std::to_string(at.y + 18) + "\">";
  out += std::string{task_sign(run, task, false)} + " "
         + html_line(title, name_columns) + (critical ? " *" : "");
  return out + "</text><text class=\"sub\" x=\"" + text_x + "\" y=\""
         + std::to_string(at.y + 35) + "\">" + html_escaped(below)
         + "</text></a>\n";
}

} // namespace

std::string html_state_class(const stored_run& run, std::size_t task) {
  auto word = task_word(run, task);
  return word == "done"      ? "done"
         : word == "failed"  ? "failed"
         : word == "running" ? "work"
         : word == "waiting" ? "wait"
                             : "stop";
}

std::string html_graph(const stored_run& run) {
  const auto& state = run.history.state;
  if (!state.plan) {
    return "<p>No plan was accepted.</p>\n";
  }
  if (state.tasks.empty()) {
    return "<p>The planner answered directly; there are no subtasks.</p>\n";
  }
  auto dependencies = core::dependencies_of(*state.plan);
  auto drawn = place(plan_levels(dependencies));
  auto critical = on_critical_path(state);
  auto path = core::critical_path_of(state).tasks;
  std::string out =
      "<p>An arrow's right end waits for its left end. Strong lines and * are "
      "the critical path.</p>\n<div class=\"scroll\" tabindex=\"0\" "
      "role=\"group\" aria-label=\"Plan\"><svg role=\"img\" "
      "xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"The subtasks and what "
      "they depend on\" width=\""
      + std::to_string(drawn.width) + "\" height=\""
      + std::to_string(drawn.height) + "\">\n";
  for (std::size_t i = 0; i < dependencies.size(); ++i) {
    for (auto j : dependencies[i]) {
      auto at = std::ranges::find(path, static_cast<std::uint32_t>(i));
      bool strong = at != path.end() && at != path.begin() && *(at - 1) == j;
      out += edge(drawn.spots[j], drawn.spots[i], strong);
    }
  }
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    out += box(run, i, drawn.spots[i], critical[i]);
  }
  return out + "</svg></div>\n";
}

} // namespace brigade::app
