#include "brigade/app/progress_tree.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/progress_rows.hpp"
#include "brigade/app/progress_style.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace brigade::app {

namespace {

/// Lines that are always there: goal, plan, totals, and the terminal's own
/// last line, where the cursor stands.
constexpr std::size_t fixed_lines = 4;

/// The order in which subtasks get a place when not all fit: what happens
/// now, what went wrong, what comes next, what is over.
int urgency(core::task_status status) {
  switch (status) {
  case core::task_status::running:
    return 0;
  case core::task_status::failed:
    return 1;
  case core::task_status::not_started:
    return 2;
  case core::task_status::cancelled:
  case core::task_status::skipped:
    return 3;
  case core::task_status::succeeded:
    return 4;
  }
  return 5;
}

/// The subtasks to show, in the order of the plan.
std::vector<std::size_t> window(const core::run_state& state,
                                std::size_t rows_max) {
  std::vector<std::size_t> order(state.tasks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() <= rows_max) {
    return order;
  }
  // One row for the sum of the rest.
  auto keep = rows_max > 0 ? rows_max - 1 : 0;
  std::ranges::stable_sort(
      order, {}, [&](std::size_t i) { return urgency(state.tasks[i].status); });
  order.resize(keep);
  std::ranges::sort(order);
  return order;
}

/// `… 12 more: 8 done, 4 waiting`.
std::string hidden_line(const core::run_state& state,
                        const std::vector<std::size_t>& shown, bool ascii) {
  std::map<core::task_status, std::size_t> counts;
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    if (!std::ranges::binary_search(shown, i)) {
      ++counts[state.tasks[i].status];
    }
  }
  auto line = std::string{ascii ? "... " : "\xE2\x80\xA6 "}
              + std::to_string(state.tasks.size() - shown.size()) + " more:";
  const char* separator = " ";
  for (auto [status, count] : counts) {
    line += separator + std::to_string(count) + " "
            + std::string{status_word(status)};
    separator = ", ";
  }
  return line;
}

std::string plan_line(const core::run_state& state, const tree_view& view) {
  if (state.plan) {
    if (state.plan->tasks.empty()) {
      return "plan  answered directly";
    }
    return "plan  " + counted(state.plan->tasks.size(), "subtask") + ", depth "
           + std::to_string(plan_depth(*state.plan));
  }
  std::string rejected;
  if (state.plans_rejected > 0) {
    rejected = counted(state.plans_rejected, "proposal") + " rejected ("
               + counted(state.faults.size(), "fault") + ")";
  }
  if (state.status != core::run_status::running) {
    return "plan  " + (rejected.empty() ? std::string{"none"} : rejected);
  }
  auto line = std::string{"plan  "};
  line += spinner(view.frame, view.ascii);
  return line
         + (rejected.empty() ? " asking the planner"
                             : " " + rejected + ", asking for a repair");
}

/// Empty when there is no synthesis to speak of.
std::string synthesis_line(const core::run_state& state,
                           const tree_view& view) {
  auto kind = terminal_line(state.synthesizer);
  if (state.phase == core::run_phase::synthesizing
      && state.status == core::run_status::running) {
    return std::string{spinner(view.frame, view.ascii)} + " synthesis (" + kind
           + ")";
  }
  if (kind.empty() || state.phase != core::run_phase::finished) {
    return {};
  }
  if (!state.synthesis_error.empty()) {
    return std::string{status_glyph(core::task_status::failed, view)}
           + " synthesis (" + kind
           + "): " + terminal_line(state.synthesis_error);
  }
  if (state.answer.empty()) {
    return {};
  }
  return std::string{status_glyph(core::task_status::succeeded, view)}
         + " synthesis (" + kind + ")";
}

/// The widest form that fits: the ceiling is never cut off for lesser things.
std::string totals_line(const core::run_state& state, const tree_view& view,
                        std::size_t columns) {
  auto time = display_duration(view.now_ms);
  if (state.plan) {
    time += "  subtasks "
            + std::to_string(count_tasks(state, core::task_status::succeeded))
            + "/" + std::to_string(state.tasks.size());
  }
  auto cost = display_cost(state.spent);
  auto ceiling = state.ceiling == core::pico_usd::max()
                     ? std::string{", no ceiling"}
                     : " of " + display_ceiling(state.ceiling);
  auto reserved = state.reserved.value > 0
                      ? " (+" + display_cost(state.reserved) + " reserved)"
                      : std::string{};
  auto tokens = "  tokens " + display_tokens(state.tokens);
  for (auto& line : {time + tokens + "  cost " + cost + reserved + ceiling,
                     time + tokens + "  cost " + cost + ceiling,
                     time + "  cost " + cost + ceiling}) {
    if (display_width(line) <= columns) {
      return line;
    }
  }
  return fit(time + "  " + cost + ceiling, columns, view.ascii);
}

} // namespace

std::vector<std::string> render_tree(const core::run_state& state,
                                     const tree_view& view) {
  auto columns = std::max(view.width, tree_width_min) - 1;
  auto cut = [&](std::string_view line) {
    return fit(line, columns, view.ascii);
  };
  std::vector<std::string> out;
  out.push_back(styled(cut("goal  " + terminal_line(state.goal)),
                       text_style::bold, view.color));
  out.push_back(cut(plan_line(state, view)));
  auto synthesis = synthesis_line(state, view);
  if (state.plan && !state.tasks.empty()) {
    auto rows_max = state.tasks.size();
    if (view.height > 0) {
      auto taken = fixed_lines + (synthesis.empty() ? 0 : 1);
      rows_max = view.height > taken ? view.height - taken : 0;
    }
    auto shown = window(state, rows_max);
    for (auto& row : render_rows(state, shown, columns, view)) {
      out.push_back(std::move(row));
    }
    if (shown.size() < state.tasks.size() && rows_max > 0) {
      out.push_back(styled(cut("  " + hidden_line(state, shown, view.ascii)),
                           text_style::dim, view.color));
    }
  }
  if (!synthesis.empty()) {
    out.push_back(cut("  " + synthesis));
  }
  if (state.status == core::run_status::running) {
    out.push_back(
        styled(totals_line(state, view, columns), text_style::dim, view.color));
  }
  if (view.height > 0 && out.size() + 1 > view.height) {
    // A terminal of a few lines: the totals matter most.
    auto keep = std::max<std::size_t>(view.height, 2) - 1;
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(keep));
  }
  return out;
}

} // namespace brigade::app
