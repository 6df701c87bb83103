#include "brigade/app/approval_text.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/plan_tree.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/run/approval.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Deeper subtasks are drawn at this level.
constexpr std::uint32_t level_max = 6;
/// A time beyond it is of no calendar: the year 9999.
constexpr std::int64_t wall_ms_max = 253'402'300'799'000;

} // namespace

lines plan_lines(const core::plan& p, std::size_t columns, bool ascii) {
  lines out;
  for (const auto& place : plan_tree(p)) {
    const auto& task = p.tasks[place.task];
    std::string line = "  ";
    const auto level = std::min(place.level, level_max);
    if (level > 0) {
      line += std::string((level - 1) * 2, ' ') + (ascii ? "` " : "\u2514 ");
    }
    line += terminal_line(task.id) + " " + terminal_line(task.worker);
    const char* separator = " (+";
    for (auto other : place.also_after) {
      line += separator + terminal_line(p.tasks[other].id);
      separator = ",";
    }
    line += place.also_after.empty() ? "  " : ")  ";
    line += terminal_line(task.description);
    out.push_back(fit(line, columns, ascii));
  }
  return out;
}

std::string cost_range(const core::events::approval_requested& asked) {
  return "about " + display_cost(asked.cost_expected) + ", at least "
         + display_cost(asked.cost_low) + ", at most "
         + display_cost(asked.cost_worst);
}

std::string path_text(const std::vector<std::string>& ids) {
  std::string text;
  for (const auto& id : ids) {
    text += (text.empty() ? "" : ", ") + terminal_line(id);
  }
  return text;
}

lines approval_lines(const core::plan& p,
                     const core::events::approval_requested& asked,
                     const core::run_state& state, std::size_t columns,
                     bool ascii) {
  lines out{"plan: " + counted(p.tasks.size(), "subtask") + ", depth "
            + std::to_string(plan_depth(p))};
  for (auto& line : plan_lines(p, columns, ascii)) {
    out.push_back(std::move(line));
  }
  out.push_back(
      fit("critical path: " + path_text(asked.critical_path), columns, ascii));
  auto cost = "cost: " + cost_range(asked) + "; " + display_cost(state.spent)
              + " spent";
  if (state.ceiling != core::pico_usd::max()) {
    cost += " of " + display_ceiling(state.ceiling);
  }
  out.push_back(std::move(cost));
  return out;
}

std::string approval_end(const core::run_state& state) {
  const auto expires = core::approval_expires_wall_ms(state);
  return expires && *expires < wall_ms_max ? display_time(*expires)
                                           : std::string{"for ever"};
}

lines approval_commands(std::string_view run, std::string_view arguments) {
  lines out;
  for (const char* verb : {"approve", "reject"}) {
    out.push_back("  brigade " + std::string{verb} + " " + std::string{run}
                  + std::string{arguments});
  }
  return out;
}

} // namespace brigade::app
