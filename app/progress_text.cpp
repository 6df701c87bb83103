#include "brigade/app/progress_text.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <optional>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Of a goal or a message, in columns.
constexpr std::size_t text_columns_max = 200;
/// Of one rejected plan.
constexpr std::size_t faults_max = 20;

std::string shown(std::string_view text) {
  return fit(terminal_line(text), text_columns_max);
}

/// Builds the lines of one event.
struct teller {
  const core::run_state& state;

  /// `t1 extractor`.
  std::string name_of(std::string_view task) const {
    auto name = terminal_line(task);
    if (state.plan) {
      if (auto i = core::find_task(*state.plan, task)) {
        name += " " + terminal_line(state.plan->tasks[*i].worker);
      }
    }
    return name;
  }

  const core::task_state* task_of(std::string_view task) const {
    if (state.plan) {
      auto i = core::find_task(*state.plan, task);
      if (i && *i < state.tasks.size()) {
        return &state.tasks[*i];
      }
    }
    return nullptr;
  }

  const core::call_state* call_of(core::call_id id) const {
    auto i = std::ranges::find(state.calls, id, &core::call_state::id);
    return i == state.calls.end() ? nullptr : &*i;
  }

  std::string buyer_of(core::call_id id) const {
    const auto* call = call_of(id);
    if (call == nullptr) {
      return "call";
    }
    return call->task.empty() ? std::string{core::to_string(call->role)}
                              : name_of(call->task);
  }

  /// ` in 0.8s  1.2k in 0.4k out  $0.0012`.
  std::string figures(std::string_view task) const {
    const auto* t = task_of(task);
    if (t == nullptr || !t->started_ms || !t->finished_ms) {
      return {};
    }
    return " in " + display_duration(*t->finished_ms - *t->started_ms) + "  "
           + display_tokens(t->tokens) + "  " + display_cost(t->cost);
  }

  static std::string cause(std::string_view code, std::string_view message) {
    auto text = terminal_line(code);
    if (!message.empty()) {
      text += (text.empty() ? "" : ": ") + shown(message);
    }
    return text;
  }

  lines operator()(const core::events::run_submitted& e) const {
    auto line = "goal: " + shown(e.goal);
    if (!e.inputs.empty()) {
      line += "  (" + counted(e.inputs.size(), "document") + ")";
    }
    return {std::move(line)};
  }

  lines operator()(const core::events::plan_proposed&) const { return {}; }

  lines operator()(const core::events::plan_rejected& e) const {
    lines out{"plan rejected: " + counted(e.faults.size(), "fault")};
    for (const auto& fault : e.faults) {
      if (out.size() > faults_max) {
        out.push_back("  and " + std::to_string(e.faults.size() - faults_max)
                      + " more");
        break;
      }
      out.push_back("  " + shown(fault.pointer)
                    + (fault.pointer.empty() ? "" : " ") + shown(fault.code)
                    + ": " + shown(fault.message));
    }
    return out;
  }

  lines operator()(const core::events::plan_accepted& e) const {
    if (!e.plan || e.plan->tasks.empty()) {
      return {"plan: answered directly, no subtasks"};
    }
    return {"plan: " + counted(e.plan->tasks.size(), "subtask") + ", depth "
            + std::to_string(plan_depth(*e.plan))};
  }

  lines operator()(const core::events::task_started& e) const {
    auto line = name_of(e.task) + " started";
    if (e.attempt > 1) {
      line += " (attempt " + std::to_string(e.attempt) + ")";
    }
    return {std::move(line)};
  }

  lines operator()(const core::events::call_intended&) const { return {}; }

  lines operator()(const core::events::call_settled& e) const {
    if (e.code == core::outcome_code::ok
        || e.code == core::outcome_code::cancelled
        || e.code == core::outcome_code::not_sent) {
      return {};
    }
    auto line = buyer_of(e.id) + ": call failed";
    if (const auto* call = call_of(e.id); call && call->try_no > 1) {
      line += " (try " + std::to_string(call->try_no) + ")";
    }
    return {line + ": " + cause(core::to_string(e.code), e.message)};
  }

  lines operator()(const core::events::call_in_doubt& e) const {
    return {buyer_of(e.id) + ": outcome of a call unknown, charged in full: "
            + display_cost(e.charged)};
  }

  lines operator()(const core::events::task_retried& e) const {
    return {name_of(e.task) + " retries in " + display_duration(e.delay_ms)
            + ": " + cause(e.code, e.message)};
  }

  lines operator()(const core::events::task_succeeded& e) const {
    return {name_of(e.task) + " succeeded" + figures(e.task)};
  }

  lines operator()(const core::events::task_failed& e) const {
    return {name_of(e.task) + " failed: " + cause(e.code, e.message)};
  }

  lines operator()(const core::events::task_skipped& e) const {
    auto line = name_of(e.task) + " skipped: without";
    for (const auto& missing : e.missing) {
      line += " " + terminal_line(missing);
    }
    return {std::move(line)};
  }

  lines operator()(const core::events::task_cancelled& e) const {
    return {name_of(e.task) + " cancelled: " + shown(e.reason)};
  }

  lines operator()(const core::events::synthesis_started& e) const {
    auto line = "synthesis (" + terminal_line(e.kind)
                + "): " + counted(e.results, "result");
    if (e.gaps > 0) {
      line += ", " + counted(e.gaps, "gap");
    }
    return {std::move(line)};
  }

  lines operator()(const core::events::synthesis_succeeded&) const {
    return {"synthesis succeeded"};
  }

  lines operator()(const core::events::synthesis_failed& e) const {
    return {"synthesis failed, the results are merged without a model: "
            + cause(e.code, e.message)};
  }

  lines operator()(const core::events::budget_warned& e) const {
    return {"budget warned: " + std::to_string(e.percent)
            + "% of the ceiling on " + terminal_line(e.ceiling)
            + " is used up (" + display_cost(e.spent) + " so far)"};
  }

  lines operator()(const core::events::budget_breached& e) const {
    return {"budget breached: " + terminal_line(e.model) + " billed "
            + display_cost(e.charged) + " for a call reserved at "
            + display_cost(e.reserved)};
  }

  lines operator()(const core::events::run_suspended& e) const {
    return {"suspended: " + shown(e.reason)};
  }

  lines operator()(const core::events::run_resumed&) const {
    return {"resumed"};
  }

  lines operator()(const core::events::approval_requested&) const { return {}; }
  lines operator()(const core::events::approval_given&) const { return {}; }
  lines operator()(const core::events::run_ending&) const { return {}; }

  /// The closing line says it, with the run's id.
  lines operator()(const core::events::run_finished&) const { return {}; }
};

} // namespace

std::vector<std::string> progress_lines(const core::event& e,
                                        const core::run_state& state) {
  return std::visit(teller{state}, e.body);
}

std::string recalled_line(const core::run_state& state) {
  auto line = std::string{"resume"};
  if (state.plan) {
    line += "  "
            + std::to_string(count_tasks(state, core::task_status::succeeded))
            + " of " + counted(state.tasks.size(), "subtask")
            + " succeeded already";
  } else {
    line += "  there is no plan yet";
  }
  return line + "; " + display_cost(state.spent) + " spent";
}

} // namespace brigade::app
