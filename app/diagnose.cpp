#include "brigade/app/diagnose.hpp"

#include "brigade/app/approval_text.hpp"
#include "brigade/app/diagnose_call.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Subtasks without a result that are listed one by one.
constexpr std::size_t tasks_max = 10;
/// A plan cannot have more faults worth reading.
constexpr std::size_t faults_max = 64;
/// Of a message that came from elsewhere, in columns.
constexpr std::size_t message_columns_max = 400;

std::string shown(std::string_view text) {
  return fit(terminal_line(text), message_columns_max);
}

/// `t2 writer failed: timed_out: no answer within 60 s`, one line each.
void list_gaps(lines& out, const core::run_state& state) {
  std::size_t listed = 0;
  std::size_t gaps = 0;
  for (std::size_t i = 0; state.plan && i < state.tasks.size(); ++i) {
    const auto& t = state.tasks[i];
    if (t.status == core::task_status::succeeded) {
      continue;
    }
    ++gaps;
    if (listed == tasks_max) {
      continue;
    }
    ++listed;
    const auto& task = state.plan->tasks[i];
    auto line =
        "  " + terminal_line(task.id) + " " + terminal_line(task.worker) + " ";
    line += t.status == core::task_status::not_started
                ? "was not started"
                : std::string{core::to_string(t.status)};
    if (t.status == core::task_status::skipped) {
      line += ": without";
      for (const auto& missing : t.missing) {
        line += " " + terminal_line(missing);
      }
    } else if (!t.error_code.empty()) {
      line += ": " + terminal_line(t.error_code);
      if (!t.error_message.empty()) {
        line += ": " + shown(what_failed(t.error_message));
      }
    }
    out.push_back(std::move(line));
  }
  if (gaps > listed) {
    out.push_back("  and " + std::to_string(gaps - listed) + " more");
  }
}

void list_faults(lines& out, const core::run_state& state) {
  std::size_t listed = 0;
  for (const auto& fault : state.faults) {
    if (listed++ == faults_max) {
      out.push_back("  and " + std::to_string(state.faults.size() - faults_max)
                    + " more");
      return;
    }
    auto pointer = shown(fault.pointer);
    out.push_back("  " + (pointer.empty() ? "(whole plan)" : pointer) + "  "
                  + shown(fault.code) + ": " + shown(fault.message));
  }
}

std::string setting(const diagnose_context& context, std::string_view key) {
  auto name = std::string{key};
  return context.config.empty() ? "--set " + name + "=..."
                                : name + " in " + shown(context.config);
}

void plan_rejected(lines& out, const core::run_state& state,
                   const diagnose_context& context) {
  if (!context.plan_file.empty()) {
    out.push_back("the plan in " + shown(context.plan_file)
                  + " cannot be used: "
                  + counted(state.faults.size(), "fault"));
    list_faults(out, state);
    out.emplace_back("repair the file, or let the planner make one with "
                     "--plan-only");
    return;
  }
  if (state.faults.empty()) {
    out.push_back("no plan was accepted"
                  + (state.message.empty() ? std::string{}
                                           : ": " + shown(state.message)));
  } else {
    out.push_back("no plan was accepted; the last of "
                  + counted(state.plans_rejected, "proposal") + " had "
                  + counted(state.faults.size(), "fault") + ":");
    list_faults(out, state);
  }
  bool too_dear = std::ranges::any_of(state.faults, [](const auto& fault) {
    return fault.code == "over_budget";
  });
  out.push_back(
      too_dear ? "raise the ceiling with --max-cost or "
                     + setting(context, "limits.cost_usd") + ", or ask for less"
               : "make the goal more precise, give [planner] a stronger model, "
                 "or write a plan and use --plan FILE");
}

void over_budget(lines& out, const core::run_state& state,
                 const diagnose_context& context) {
  auto line = "the ceiling of " + display_ceiling(state.ceiling)
              + " does not allow it (" + display_cost(state.spent) + " spent)";
  if (!state.message.empty()) {
    line += ": " + shown(state.message);
  }
  out.push_back(std::move(line));
  out.push_back("raise it with --max-cost or "
                + setting(context, "limits.cost_usd")
                + ", or give the roles a smaller output_tokens_max");
}

void deadline(lines& out, const core::run_state& state,
              const diagnose_context& context) {
  auto line =
      "the deadline of " + display_duration(state.deadline_ms) + " passed";
  if (state.answer.empty()) {
    line += " before there was an answer";
  }
  out.push_back(std::move(line));
  out.push_back("raise " + setting(context, "limits.run_deadline_s")
                + ", or lower limits.tasks_max");
}

void waits(lines& out, const core::run_state& state,
           const diagnose_context& context) {
  const auto& asked = *state.approval_asked;
  out.push_back("the plan waits for approval until " + approval_end(state));
  for (auto& line : approval_lines(*state.plan, asked, state, approval_columns,
                                   context.ascii)) {
    out.push_back(std::move(line));
  }
  for (auto& line : approval_commands(context.run, context.resume_arguments)) {
    out.push_back(std::move(line));
  }
}

void suspended(lines& out, const core::run_state& state,
               const diagnose_context& context) {
  if (state.awaits_approval() && state.reason == core::approval_reason
      && !context.run.empty()) {
    waits(out, state, context);
    return;
  }
  const bool storage = state.reason == core::storage_failure;
  auto line = std::string{storage ? "suspended, because the journal cannot be "
                                    "written"
                                  : "interrupted"};
  if (state.plan) {
    line += ": "
            + std::to_string(count_tasks(state, core::task_status::succeeded))
            + " of " + counted(state.tasks.size(), "subtask") + " succeeded";
  } else {
    line += " before there was a plan";
  }
  out.push_back(std::move(line));
  if (!context.storage_fault.empty()) {
    out.push_back(shown(context.storage_fault));
  }
  if (context.run.empty()) {
    out.emplace_back("there is no journal, so this run cannot be continued "
                     "later; --json prints a report with the results so far");
    return;
  }
  out.push_back("nothing that is paid is paid again:");
  out.push_back("  brigade resume " + context.run + context.resume_arguments);
}

/// What a failed or partial run can do about its reason.
void advise(lines& out, const core::run_state& state,
            const diagnose_context& context) {
  if (state.reason == "over_budget") {
    over_budget(out, state, context);
  } else if (state.reason == "deadline") {
    deadline(out, state, context);
  } else if (state.reason == "provider") {
    for (auto& line : provider_lines(state, context)) {
      out.push_back(std::move(line));
    }
  } else if (state.reason == "internal") {
    out.push_back("a defect in brigade: " + shown(state.message));
    out.emplace_back("please report it with the crew file and this message");
  } else if (!state.message.empty()) {
    out.push_back(shown(state.message));
  }
}

} // namespace

std::vector<std::string> closing_lines(const core::run_report& report,
                                       const diagnose_context& context) {
  const auto& state = report.state;
  lines out;
  switch (state.status) {
  case core::run_status::succeeded:
    break;
  case core::run_status::suspended:
    suspended(out, state, context);
    break;
  case core::run_status::cancelled:
    out.push_back(state.message.empty() ? "the run was cancelled"
                                        : shown(state.message));
    list_gaps(out, state);
    break;
  case core::run_status::running:
    out.emplace_back("the run stopped without an end, which is a defect in "
                     "brigade; please report it");
    break;
  case core::run_status::partial:
  case core::run_status::failed:
    if (state.reason == "plan_rejected") {
      plan_rejected(out, state, context);
      break;
    }
    advise(out, state, context);
    list_gaps(out, state);
    break;
  }
  if (!out.empty()) {
    out.front() = "brigade: " + out.front();
  }
  return out;
}

} // namespace brigade::app
