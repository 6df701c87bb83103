#include "brigade/app/runs_table.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/progress_style.hpp"
#include "brigade/app/stored_run.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace brigade::app {

namespace {

namespace json = boost::json;

/// Terminals at least so wide show ids whole.
constexpr std::size_t whole_id_columns = 100;
constexpr std::size_t goal_columns_min = 10;

/// Run, status, age, cost, tasks, goal.
constexpr std::size_t cells_count = 6;
using cells = std::array<std::string, cells_count>;

constexpr std::array<bool, cells_count> is_number = {false, false, true,
                                                     true,  true,  false};

cells cells_of(const store::listed_run& run, const table_view& view) {
  const auto& s = run.summary;
  auto id = terminal_line(s.id.text);
  if (view.columns > 0 && view.columns < whole_id_columns) {
    id = id.substr(0, short_id_columns);
  }
  auto tasks = s.tasks == 0 ? std::string{"-"}
                            : std::to_string(s.tasks_succeeded) + "/"
                                  + std::to_string(s.tasks);
  auto goal = terminal_line(s.goal);
  if (!s.parent_run.empty()) {
    goal = "nested: " + goal;
  }
  return {std::move(id),
          std::string{status_word(run)},
          display_age(s.submitted_wall_ms, view.now_wall_ms),
          display_cost(s.spent),
          std::move(tasks),
          std::move(goal)};
}

text_style style_of(std::string_view status) {
  if (status == "succeeded") {
    return text_style::green;
  }
  if (status == "failed") {
    return text_style::red;
  }
  return status == "running" ? text_style::cyan : text_style::yellow;
}

std::string aligned(const std::string& text, std::size_t width, bool number) {
  auto gap = std::string(width - std::min(width, display_width(text)), ' ');
  return number ? gap + text : text + gap;
}

} // namespace

std::vector<std::string> runs_table(const std::vector<store::listed_run>& runs,
                                    const table_view& view) {
  std::vector<cells> rows{{"RUN", "STATUS", "AGE", "COST", "TASKS", "GOAL"}};
  for (const auto& run : runs) {
    rows.push_back(cells_of(run, view));
  }
  std::array<std::size_t, cells_count> widths{};
  std::size_t used = 0;
  for (std::size_t i = 0; i + 1 < cells_count; ++i) {
    for (const auto& row : rows) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
    used += widths[i] + 2;
  }
  std::vector<std::string> lines;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i + 1 < cells_count; ++i) {
      auto cell = aligned(rows[r][i], widths[i], is_number[i]);
      if (r > 0 && i == 1) {
        cell = styled(std::move(cell), style_of(rows[r][i]), view.color);
      }
      line += cell + "  ";
    }
    auto left = view.columns > used ? view.columns - used - 1 : 0;
    line +=
        view.columns == 0
            ? rows[r].back()
            : fit(rows[r].back(), std::max(left, goal_columns_min), view.ascii);
    lines.push_back(styled(std::move(line),
                           r == 0 ? text_style::dim : text_style::plain,
                           view.color));
  }
  return lines;
}

boost::json::value runs_json(const std::vector<store::listed_run>& runs) {
  auto text_or_null = [](std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
  };
  json::array out;
  for (const auto& run : runs) {
    const auto& s = run.summary;
    out.push_back(
        {{"run_id", s.id.text},
         {"status", status_word(run)},
         {"reason", text_or_null(s.reason)},
         {"goal", s.goal},
         {"crew", s.crew},
         {"cost_usd", core::to_decimal(s.spent)},
         {"ceiling_usd", s.ceiling == core::pico_usd::max()
                             ? json::value(nullptr)
                             : json::value(core::to_decimal(s.ceiling))},
         {"calls", s.calls},
         {"tasks", s.tasks},
         {"tasks_succeeded", s.tasks_succeeded},
         {"submitted", rfc3339(s.submitted_wall_ms)},
         {"updated", rfc3339(s.updated_wall_ms)},
         {"worked_s", static_cast<double>(s.worked_ms) / 1000},
         {"parent_run", text_or_null(s.parent_run)},
         {"owner", text_or_null(run.owner)}});
  }
  return out;
}

} // namespace brigade::app
