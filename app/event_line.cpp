#include "brigade/app/event_line.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

constexpr std::size_t seq_columns = 5;
constexpr std::size_t time_columns = 8;
constexpr std::size_t name_columns = 20;
/// Longer texts are cut before they are looked through.
constexpr std::size_t text_bytes_max = 2'000;

std::string shown(std::string_view text) {
  return terminal_line(text.substr(0, text_bytes_max));
}

std::string bytes_of(const core::shared_text& text) {
  return counted(text.str().size(), "byte");
}

std::string cause(std::string_view code, std::string_view message) {
  auto text = shown(code);
  return message.empty() ? text : text + ": " + shown(message);
}

std::string number_of(core::call_id id) {
  return "call " + std::to_string(static_cast<std::uint64_t>(id));
}

std::string attempt_of(std::uint32_t attempt) {
  return attempt > 1 ? " attempt " + std::to_string(attempt) : std::string{};
}

/// The essentials of each kind.
struct teller {
  std::string operator()(const core::events::run_submitted& e) const {
    auto text = display_ceiling(e.ceiling) + ", crew " + shown(e.crew);
    if (!e.inputs.empty()) {
      text += ", " + counted(e.inputs.size(), "document");
    }
    if (!e.parent_run.empty()) {
      text += ", nested in " + shown(e.parent_run);
    }
    return text + ": " + shown(e.goal);
  }

  std::string operator()(const core::events::plan_proposed& e) const {
    return bytes_of(e.text);
  }

  std::string operator()(const core::events::plan_rejected& e) const {
    auto text = counted(e.faults.size(), "fault");
    const char* separator = ": ";
    for (const auto& fault : e.faults) {
      text += separator + shown(fault.code) + " " + shown(fault.pointer);
      separator = ", ";
    }
    return text;
  }

  std::string operator()(const core::events::plan_accepted& e) const {
    return e.plan ? counted(e.plan->tasks.size(), "subtask") + ", "
                        + display_cost(e.synthesis_share)
                        + " kept for the synthesis"
                  : std::string{};
  }

  std::string operator()(const core::events::task_started& e) const {
    return shown(e.task) + attempt_of(e.attempt);
  }

  std::string operator()(const core::events::call_intended& e) const {
    auto text = number_of(e.id) + " " + std::string{core::to_string(e.role)};
    if (!e.task.empty()) {
      text += " " + shown(e.task);
    }
    text += " " + shown(e.model);
    if (e.try_no > 1) {
      text += " try " + std::to_string(e.try_no);
    }
    text += ", " + display_cost(e.reserved) + " reserved";
    if (e.waited_ms > 0) {
      text += ", waited " + display_duration(e.waited_ms);
    }
    if (!e.nested_run.empty()) {
      text += ", nested run " + shown(e.nested_run);
    }
    return text;
  }

  std::string operator()(const core::events::call_settled& e) const {
    auto text = number_of(e.id) + " "
                + cause(core::to_string(e.code),
                        e.code == core::outcome_code::ok ? "" : e.message)
                + ", " + display_cost(e.charged);
    return e.usage_known ? text + ", " + display_tokens(e.tokens) : text;
  }

  std::string operator()(const core::events::call_in_doubt& e) const {
    return number_of(e.id) + " " + display_cost(e.charged) + " charged in full"
           + (e.message.empty() ? "" : ": ") + shown(e.message);
  }

  std::string operator()(const core::events::task_retried& e) const {
    return shown(e.task) + attempt_of(e.attempt) + " "
           + cause(e.code, e.message) + "; again in "
           + display_duration(e.delay_ms);
  }

  std::string operator()(const core::events::task_succeeded& e) const {
    return shown(e.task) + attempt_of(e.attempt) + ", " + bytes_of(e.result);
  }

  std::string operator()(const core::events::task_failed& e) const {
    return shown(e.task) + attempt_of(e.attempt) + " "
           + cause(e.code, e.message);
  }

  std::string operator()(const core::events::task_skipped& e) const {
    auto text = shown(e.task) + " for want of";
    for (const auto& missing : e.missing) {
      text += " " + shown(missing);
    }
    return text;
  }

  std::string operator()(const core::events::task_cancelled& e) const {
    return shown(e.task) + ": " + shown(e.reason);
  }

  std::string operator()(const core::events::synthesis_started& e) const {
    return shown(e.kind) + ", " + counted(e.results, "result") + ", "
           + counted(e.gaps, "gap");
  }

  std::string operator()(const core::events::synthesis_succeeded& e) const {
    return bytes_of(e.answer);
  }

  std::string operator()(const core::events::synthesis_failed& e) const {
    return cause(e.code, e.message);
  }

  std::string operator()(const core::events::budget_warned& e) const {
    return std::to_string(e.percent) + "% of " + shown(e.ceiling) + ", "
           + display_cost(e.spent);
  }

  std::string operator()(const core::events::budget_breached& e) const {
    return number_of(e.id) + " " + shown(e.model) + ": "
           + display_cost(e.charged) + " billed, " + display_cost(e.reserved)
           + " reserved";
  }

  std::string operator()(const core::events::run_suspended& e) const {
    return shown(e.reason);
  }

  std::string operator()(const core::events::run_resumed& e) const {
    return "life " + std::to_string(e.epoch) + ", " + shown(e.reason) + ", "
           + display_ceiling(e.ceiling);
  }

  std::string operator()(const core::events::approval_requested& e) const {
    return "waits for approval; it will cost about "
           + display_cost(e.cost_expected) + ", at most "
           + display_cost(e.cost_worst);
  }

  std::string operator()(const core::events::approval_given& e) const {
    return shown(e.decision) + (e.by.empty() ? "" : " by ") + shown(e.by)
           + (e.comment.empty() ? "" : ": ") + shown(e.comment);
  }

  std::string operator()(const core::events::run_ending& e) const {
    return end(e.status, e.reason, e.message);
  }

  std::string operator()(const core::events::run_finished& e) const {
    return end(e.status, e.reason, e.message);
  }

  static std::string end(core::run_status status, const std::string& reason,
                         const std::string& message) {
    std::string text{core::to_string(status)};
    if (!reason.empty()) {
      text += " (" + shown(reason) + ")";
    }
    return message.empty() ? text : text + ": " + shown(message);
  }
};

std::string right(std::string text, std::size_t columns) {
  return std::string(columns - std::min(columns, text.size()), ' ') + text;
}

} // namespace

std::string event_line(const core::event& e, std::size_t columns, bool ascii) {
  std::string name{core::event_name(e.body)};
  name.resize(std::max(name.size(), name_columns), ' ');
  auto line = right(std::to_string(e.seq), seq_columns) + "  "
              + right(display_duration(e.at_ms), time_columns) + "  " + name
              + " " + std::visit(teller{}, e.body);
  line.erase(line.find_last_not_of(' ') + 1);
  return columns == 0 ? line : fit(line, columns - 1, ascii);
}

} // namespace brigade::app
