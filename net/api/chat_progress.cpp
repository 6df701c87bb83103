#include "brigade/net/api/chat_progress.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>
#include <variant>

namespace brigade::net::api {

namespace {

/// Of a subtask's description.
constexpr std::size_t description_bytes_max = 160;
/// Of one plan.
constexpr std::size_t task_lines_max = 50;

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string{what}
         + (count == 1 ? "" : "s");
}

/// One line: what a model wrote cannot look like a line of ours.
std::string line_of(std::string_view text) {
  std::string out{chat_piece(text, description_bytes_max)};
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; },
      ' ');
  return out.size() < text.size() ? out + "..." : out;
}

std::string attempt_of(std::uint32_t attempt) {
  return attempt > 1 ? " (attempt " + std::to_string(attempt) + ")"
                     : std::string{};
}

struct teller {
  std::string operator()(const core::events::plan_rejected& e) const {
    return "A plan was rejected: " + counted(e.faults.size(), "fault") + "\n";
  }

  std::string operator()(const core::events::plan_accepted& e) const {
    if (!e.plan || e.plan->tasks.empty())
      return "Plan: no subtasks are needed\n";
    const auto& tasks = e.plan->tasks;
    auto out = "Plan: " + counted(tasks.size(), "subtask") + "\n";
    for (std::size_t i = 0; i < std::min(tasks.size(), task_lines_max); ++i)
      out += "- " + tasks[i].id + " (" + tasks[i].worker
             + "): " + line_of(tasks[i].description) + "\n";
    if (tasks.size() > task_lines_max)
      out +=
          "- and " + std::to_string(tasks.size() - task_lines_max) + " more\n";
    return out;
  }

  std::string operator()(const core::events::approval_given& e) const {
    return "The plan was " + e.decision + "\n";
  }

  std::string operator()(const core::events::task_started& e) const {
    return e.task + " started" + attempt_of(e.attempt) + "\n";
  }

  std::string operator()(const core::events::task_retried& e) const {
    return e.task + " did not work out (" + e.code + ") and is tried again\n";
  }

  std::string operator()(const core::events::task_succeeded& e) const {
    return e.task + " succeeded\n";
  }

  std::string operator()(const core::events::task_failed& e) const {
    return e.task + " failed (" + e.code + ")\n";
  }

  std::string operator()(const core::events::task_skipped& e) const {
    return e.task + " was skipped: " + counted(e.missing.size(), "result")
           + " it needs did not come\n";
  }

  std::string operator()(const core::events::task_cancelled& e) const {
    return e.task + " was cancelled\n";
  }

  std::string operator()(const core::events::synthesis_started& e) const {
    auto out = "Putting " + counted(e.results, "result") + " together";
    return out + (e.gaps > 0 ? ", without " + std::to_string(e.gaps) : "")
           + "\n";
  }

  std::string operator()(const core::events::synthesis_failed& e) const {
    return "The synthesis failed (" + e.code
           + "): the results are put together without a model\n";
  }

  std::string operator()(const core::events::budget_warned& e) const {
    return std::to_string(e.percent) + "% of the limit on " + e.ceiling
           + " is used up ($" + core::to_display(e.spent) + " so far)\n";
  }

  std::string operator()(const core::events::budget_breached&) const {
    return "A bill was above what was set aside for it: the run ends early\n";
  }

  std::string operator()(const core::events::run_resumed& e) const {
    return e.reason == "approval" ? std::string{}
                                  : "The run was interrupted and goes on\n";
  }

  std::string operator()(const core::events::run_finished& e) const {
    return e.status == core::run_status::partial
               ? "The answer is partial (" + e.reason + ")\n"
               : std::string{};
  }

  /// Of no interest to who waits for the answer.
  template <class T>
  std::string operator()(const T&) const {
    return {};
  }
};

struct end_text {
  std::string_view reason;
  int status;
  std::string_view detail;
};

/// By the reasons of `run.finished`.
constexpr std::array end_texts{
    end_text{"over_budget", 422,
             "the run's ceiling on cost or tokens leaves no room for an "
             "answer"},
    end_text{"plan_rejected", 500, "no valid plan was made for this goal"},
    end_text{"task_failed", 500, "too many subtasks failed"},
    end_text{"synthesis_failed", 500, "the results could not be put together"},
    end_text{"provider", 502, "a model that the run needs cannot be reached"},
    end_text{"deadline", 504, "the run did not end within its deadline"},
    end_text{"cancelled", 409, "the run was cancelled"},
    end_text{"aborted", 500,
             "a subtask failed without which the run must not go on"},
    end_text{"approval_rejected", 409, "the run's plan was rejected"},
    end_text{"approval_expired", 409, "nobody approved the run's plan in time"},
};

} // namespace

std::string chat_progress(const core::event& e) {
  return std::visit(teller{}, e.body);
}

void chat_fold::apply(const core::event& e) {
  // `cost` and `tokens` are those of the run's state (run_state::apply).
  if (const auto* settled = std::get_if<core::events::call_settled>(&e.body)) {
    figures_.tokens.input_tokens += settled->tokens.input_tokens;
    figures_.tokens.cached_input_tokens += settled->tokens.cached_input_tokens;
    figures_.tokens.output_tokens += settled->tokens.output_tokens;
    figures_.cost = figures_.cost.value_or(core::pico_usd{}) + settled->charged;
  } else if (const auto* lost =
                 std::get_if<core::events::call_in_doubt>(&e.body)) {
    figures_.cost = figures_.cost.value_or(core::pico_usd{}) + lost->charged;
  } else if (std::holds_alternative<core::events::call_intended>(e.body)) {
    bought_ = true;
  } else if (const auto* end =
                 std::get_if<core::events::run_finished>(&e.body)) {
    figures_.status = end->status;
    figures_.cost = figures_.cost.value_or(core::pico_usd{});
  }
}

refusal no_answer(const core::events::run_finished& end,
                  const std::string& run) {
  refusal out{500, end.reason.empty() ? "no_answer" : end.reason, {}};
  std::string_view detail = "the run ended without an answer";
  const auto* known =
      std::find_if(end_texts.begin(), end_texts.end(),
                   [&](const auto& each) { return each.reason == end.reason; });
  if (known != end_texts.end()) {
    out.status = known->status;
    detail = known->detail;
  }
  out.detail = std::string{detail} + " (run " + run + ")";
  out.run = run;
  return out;
}

} // namespace brigade::net::api
