#include "brigade/app/display.hpp"

#include "brigade/app/terminal_text.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

std::string two_digits(std::int64_t value) {
  auto text = std::to_string(value);
  return text.size() < 2 ? "0" + text : text;
}

std::string tenths(std::uint64_t value_times_ten) {
  return std::to_string(value_times_ten / 10) + "."
         + static_cast<char>('0' + value_times_ten % 10);
}

/// How the run is called in its last line.
std::string_view verdict(const core::run_state& state) {
  switch (state.status) {
  case core::run_status::succeeded:
    return "done";
  case core::run_status::partial:
    return "done with gaps";
  case core::run_status::failed:
    return "failed";
  case core::run_status::cancelled:
    return "cancelled";
  case core::run_status::suspended:
    return "suspended";
  case core::run_status::running:
    break;
  }
  return "stopped";
}

} // namespace

std::string display_duration(std::int64_t ms) {
  ms = std::max<std::int64_t>(ms, 0);
  auto s = ms / 1000;
  if (s < 60) {
    return tenths(static_cast<std::uint64_t>(ms / 100)) + "s";
  }
  if (s < 3600) {
    return std::to_string(s / 60) + "m" + two_digits(s % 60) + "s";
  }
  return std::to_string(s / 3600) + "h" + two_digits(s / 60 % 60) + "m";
}

std::string display_count(std::uint64_t count) {
  if (count < 1000) {
    return std::to_string(count);
  }
  if (count < 1'000'000) {
    return tenths(count / 100) + "k";
  }
  return tenths(count / 100'000) + "M";
}

std::string display_cost(core::pico_usd amount) {
  return "$" + core::to_display(amount);
}

std::string display_ceiling(core::pico_usd amount) {
  if (amount == core::pico_usd::max()) {
    return "no ceiling";
  }
  constexpr auto cent = core::pico_per_usd / 100;
  return "$"
         + (amount.value % cent == 0 ? core::to_display(amount, 2)
                                     : core::to_decimal(amount));
}

std::string display_tokens(const core::usage& tokens) {
  return display_count(tokens.input_tokens) + " in "
         + display_count(tokens.output_tokens) + " out";
}

std::string counted(std::uint64_t count, std::string_view noun) {
  auto text = std::to_string(count) + " " + std::string{noun};
  if (count != 1) {
    text += 's';
  }
  return text;
}

std::uint32_t plan_depth(const core::plan& p) {
  // Relaxes all edges at most once per subtask, so a cycle cannot hang it.
  std::vector<std::uint32_t> depth(p.tasks.size(), 1);
  bool changed = true;
  for (std::size_t round = 0; changed && round < p.tasks.size(); ++round) {
    changed = false;
    for (std::size_t i = 0; i < p.tasks.size(); ++i) {
      for (const auto& edge : p.tasks[i].depends_on) {
        auto on = core::find_task(p, edge.task);
        if (on && depth[*on] + 1 > depth[i]) {
          depth[i] = depth[*on] + 1;
          changed = true;
        }
      }
    }
  }
  return depth.empty() ? 0 : *std::ranges::max_element(depth);
}

std::uint32_t count_tasks(const core::run_state& state,
                          core::task_status status) {
  return static_cast<std::uint32_t>(
      std::ranges::count(state.tasks, status, &core::task_state::status));
}

std::string done_line(const core::run_report& report) {
  const auto& state = report.state;
  auto line =
      std::string{verdict(state)} + " in " + display_duration(state.last_at_ms);
  if (state.plan) {
    line += "  subtasks "
            + std::to_string(count_tasks(state, core::task_status::succeeded))
            + "/" + std::to_string(state.tasks.size());
  }
  line += "  tokens " + display_tokens(state.tokens);
  line += "  cost " + display_cost(state.spent);
  line += state.ceiling == core::pico_usd::max()
              ? ", no ceiling"
              : " of " + display_ceiling(state.ceiling);
  if (!report.id.text.empty()) {
    line += "  run " + terminal_line(report.id.text);
  }
  return line;
}

std::vector<std::string> guarantee_lines(const core::run_guarantees& given) {
  std::vector<std::string> lines;
  if (given.estimate != "strict") {
    lines.push_back("estimate: " + terminal_line(given.estimate)
                    + ", the ceiling can be exceeded"
                    + (given.overshoot_max.value > 0
                           ? " (by up to " + display_cost(given.overshoot_max)
                                 + " in this run)"
                           : ""));
  }
  if (given.prices == "worst_case") {
    lines.emplace_back("prices: worst case, the cost is an upper bound");
  } else if (given.prices == "tokens_only") {
    lines.emplace_back("prices: a model has none, only its tokens are bounded");
  }
  if (given.journal == "memory") {
    lines.emplace_back("journal: memory, results do not survive this process");
  }
  return lines;
}

} // namespace brigade::app
