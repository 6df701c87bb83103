#include "brigade/app/show_run.hpp"

#include "brigade/app/approval_text.hpp"
#include "brigade/app/cli.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/show_plan.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/text_block.hpp"
#include "brigade/app/wall_time.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

/// Where what a label names begins.
constexpr std::size_t label_columns = 10;
/// Of the goal on the first screen; `--json` has all of it.
constexpr std::size_t goal_lines_max = 4;

/// `goal      text`, wrapped under itself.
void field(lines& out, std::string_view label, std::string_view text,
           const show_view& view, std::size_t lines_max = SIZE_MAX) {
  lines block;
  append_block(block, text, label_columns, view.columns);
  if (block.empty()) {
    return;
  }
  if (block.size() > lines_max) {
    block.resize(lines_max);
    block.back() += view.ascii ? " ..." : " \u2026";
  }
  auto head = std::string{label};
  head.resize(label_columns, ' ');
  block.front().replace(0, label_columns, head);
  for (auto& line : block) {
    out.push_back(std::move(line));
  }
}

std::string cost_text(const core::run_state& state) {
  auto text = display_cost(state.spent)
              + (state.ceiling == core::pico_usd::max()
                     ? std::string{", no ceiling"}
                     : " of " + display_ceiling(state.ceiling))
              + "; " + counted(state.calls.size(), "call") + ", "
              + display_tokens(state.tokens);
  if (state.reserved.value > 0) {
    text += "; " + display_cost(state.reserved)
            + " set aside for calls in "
              "flight";
  }
  if (state.charged_in_full.value > 0) {
    text += "; " + display_cost(state.charged_in_full)
            + " of it charged in full, the usage being unknown";
  }
  return text;
}

std::string time_text(const stored_run& run) {
  const auto& s = run.listed.summary;
  return display_time(s.submitted_wall_ms) + ", worked "
         + display_duration(run.history.state.last_at_ms) + " until "
         + display_time(s.updated_wall_ms);
}

/// One line for each life when there was more than one.
lines life_lines(const stored_run& run) {
  const auto& lives = run.history.lives;
  lines out;
  if (lives.size() < 2) {
    return out;
  }
  for (const auto& life : lives) {
    auto text = std::to_string(life.epoch) + ". "
                + display_time(life.started_wall_ms) + ", "
                + display_duration(life.last_ms - life.started_ms);
    if (!life.begun_by.empty()) {
      text += ", resumed (" + terminal_line(life.begun_by) + ")";
    }
    if (life.ended_by == "lost") {
      text += ", its process vanished";
    } else if (!life.ended_by.empty() && life.ended_by != "finished") {
      text += ", ended by " + terminal_line(life.ended_by);
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::string status_text(const stored_run& run) {
  const auto& state = run.history.state;
  auto text = std::string{status_word(run.listed)};
  if (!state.reason.empty()) {
    text += " (" + terminal_line(state.reason) + ")";
  }
  if (!run.listed.owner.empty()) {
    text += ", " + terminal_line(run.listed.owner) + " works on it";
  }
  if (!state.message.empty()) {
    text += ": " + terminal_line(state.message);
  }
  return text;
}

text_style status_style(std::string_view word) {
  return word == "succeeded" ? text_style::green
         : word == "failed"  ? text_style::red
         : word == "running" ? text_style::cyan
                             : text_style::yellow;
}

std::string synthesis_text(const stored_run& run) {
  const auto& state = run.history.state;
  if (state.synthesizer.empty()) {
    return {};
  }
  auto text = terminal_line(state.synthesizer);
  if (state.synthesis_started_ms) {
    text += " at " + display_duration(*state.synthesis_started_ms);
  }
  if (!state.synthesis_error.empty()) {
    text += ", failed, so the results are merged as they are: "
            + terminal_line(state.synthesis_error);
  }
  return text;
}

/// What was asked about the plan, and what was said.
void append_approval(lines& out, const core::run_state& state,
                     const show_view& view) {
  if (!state.approval_asked) {
    return;
  }
  const auto& asked = *state.approval_asked;
  auto text = "waits until " + approval_end(state);
  if (const auto& answer = state.approval_answer) {
    text = terminal_line(answer->decision);
    if (!answer->by.empty()) {
      text += " by " + terminal_line(answer->by);
    }
    if (!answer->comment.empty()) {
      text += ": " + terminal_line(answer->comment);
    }
  }
  field(out, "approval", text, view);
  field(out, "estimate",
        cost_range(asked) + "; critical path " + path_text(asked.critical_path),
        view);
}

void append_header(lines& out, const stored_run& run, const show_view& view) {
  const auto& state = run.history.state;
  out.push_back(styled("run       " + terminal_line(run.listed.summary.id.text),
                       text_style::bold, view.color));
  lines status;
  field(status, "status", status_text(run), view);
  for (auto& line : status) {
    out.push_back(styled(std::move(line), status_style(status_word(run.listed)),
                         view.color));
  }
  field(out, "goal", state.goal, view, goal_lines_max);
  field(out, "crew", terminal_line(state.crew), view);
  if (!state.parent_run.empty()) {
    field(out, "nested in",
          terminal_line(state.parent_run) + " at "
              + terminal_line(state.parent_task),
          view);
  }
  field(out, "time", time_text(run), view);
  field(out, "cost", cost_text(state), view);
  append_approval(out, state, view);
  for (const auto& life : life_lines(run)) {
    field(out, "life", life, view);
  }
}

/// `inputs` and what else only some runs have.
void append_rest(lines& out, const stored_run& run, const show_view& view) {
  const auto& state = run.history.state;
  field(out, "synthesis", synthesis_text(run), view);
  if (!state.answer.empty()) {
    field(out, "answer",
          std::to_string(state.answer.str().size()) + " bytes; brigade show "
              + terminal_line(run.listed.summary.id.text) + " --json has it",
          view);
  }
}

std::string done_of(const core::run_state& state) {
  return state.plan
             ? std::to_string(count_tasks(state, core::task_status::succeeded))
                   + " of " + counted(state.tasks.size(), "subtask") + " done"
             : std::string{"before there was a plan"};
}

/// The call that failed last, for a run that failed without a subtask.
const core::call_state* last_failed_call(const core::run_state& state) {
  for (auto i = state.calls.rbegin(); i != state.calls.rend(); ++i) {
    if (i->in_doubt || (i->settled && i->code != core::outcome_code::ok)) {
      return &*i;
    }
  }
  return nullptr;
}

} // namespace

lines next_steps(const stored_run& run) {
  const auto& state = run.history.state;
  auto id = terminal_line(run.listed.summary.id.text);
  lines out;
  if (run.listed.stands_still() && state.awaits_approval()) {
    out.emplace_back("The plan waits for approval:");
    for (auto& line : approval_commands(id, "")) {
      out.push_back(std::move(line));
    }
    return out;
  }
  if (run.listed.stands_still()) {
    out.push_back(std::string{status_word(run.listed)} + ", " + done_of(state)
                  + ". To go on:");
    out.push_back("  brigade resume " + id);
  }
  if (state.status == core::run_status::succeeded) {
    return out;
  }
  if (auto failed = first_failure(state)) {
    auto task = terminal_line(state.plan->tasks[*failed].id);
    const auto& t = state.tasks[*failed];
    auto others = count_tasks(state, core::task_status::failed) - 1;
    out.push_back("subtask " + task + " failed"
                  + (others > 0
                         ? " first, " + counted(others, "other") + " after it"
                         : std::string{})
                  + ": " + cause_text(t.error_code, t.error_message));
    out.emplace_back("What it was told, what was answered and why it failed:");
    out.push_back("  brigade show " + id + " " + task + " --calls");
  } else if (run.listed.stands_still()
             || state.status == core::run_status::running) {
    return out;
  } else if (const auto* call = last_failed_call(state)) {
    out.push_back("the last failed call, of the "
                  + std::string{core::to_string(call->role)} + ": "
                  + (call->in_doubt ? std::string{"nobody knows its outcome"}
                                    : cause_text(core::to_string(call->code),
                                                 call->message)));
    out.push_back("  brigade show " + id + " --calls");
  } else if (!state.plan && state.plans_rejected > 0) {
    out.emplace_back("What the planner was told and answered:");
    out.push_back("  brigade show " + id + " --calls");
  }
  return out;
}

lines show_run(const stored_run& run, const show_view& view) {
  lines out;
  append_header(out, run, view);
  for (auto& line : show_plan(run, view)) {
    out.push_back(std::move(line));
  }
  lines rest;
  append_rest(rest, run, view);
  if (!rest.empty()) {
    out.emplace_back();
    std::ranges::move(rest, std::back_inserter(out));
  }
  auto steps = next_steps(run);
  if (!steps.empty()) {
    out.emplace_back();
  }
  for (auto& step : steps) {
    append_block(out, step, 0, step.starts_with("  ") ? 0 : view.columns);
  }
  return out;
}

} // namespace brigade::app
