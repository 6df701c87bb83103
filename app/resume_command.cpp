#include "brigade/app/resume_command.hpp"

#include "brigade/app/approval_text.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/inputs.hpp"
#include "brigade/app/resume_setup.hpp"
#include "brigade/app/run_claim.hpp"
#include "brigade/app/run_session.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <optional>
#include <utility>

namespace brigade::app {

namespace {

/// How the user wants the run to go on.
struct request {
  const resume_options& options;
  /// `approve`; nothing: as it is.
  std::optional<core::approval_decision> decision;
};

bool is_expired(const core::run_state& past) {
  const auto expires = core::approval_expires_wall_ms(past);
  return expires && now_wall_ms() >= *expires;
}

/// A run that waits does not go on by itself.
int tell_that_it_waits(const core::run_id& run, const core::run_state& past,
                       const resume_options& options) {
  std::vector<std::string> lines{"brigade: the plan of run " + run.text
                                 + " waits for approval until "
                                 + approval_end(past)};
  for (auto& line : approval_lines(*past.plan, *past.approval_asked, past,
                                   approval_columns, true)) {
    lines.push_back(std::move(line));
  }
  const auto arguments =
      options.state.empty() ? std::string{} : " --state " + options.state;
  for (auto& line : approval_commands(run.text, arguments)) {
    lines.push_back(std::move(line));
  }
  tell(lines);
  return exit_interrupted;
}

/// What is decided about a run that this process owns; or the exit code.
std::variant<std::optional<core::approval_decision>, int>
decide(const request& what, const core::run_id& run,
       const core::run_state& past, const core::run_order& order) {
  if (is_expired(past)) {
    core::approval_decision expired;
    expired.kind = core::decision_kind::expire;
    return expired;
  }
  if (!what.decision) {
    if (past.awaits_approval()) {
      return tell_that_it_waits(run, past, what.options);
    }
    return std::nullopt;
  }
  if (!past.awaits_approval()) {
    return tell_not_waiting(run);
  }
  if (const auto& text = what.decision->plan_text) {
    const auto faults = core::check_edited_plan(order, past, *text);
    if (!faults.empty()) {
      return tell_plan_faults(faults);
    }
  }
  return what.decision;
}

int go_on(const request& what, const found_run& run, run_journal journal,
          run_mailbox& mailbox, interrupt_guard& signals) {
  const auto& options = what.options;
  auto owned = own(journal, run.id);
  if (auto* fault = std::get_if<store::fault>(&owned)) {
    if (what.decision && fault->code == store::fault_code::owned) {
      return ask_elsewhere(run, {run.id, *what.decision});
    }
    return tell_claim_fault(*fault);
  }
  auto& taken = std::get<owned_run>(owned);
  const auto& past = taken.past;
  auto prepared = prepare_resume(options, run.id, taken.source, past);
  if (auto* fault = std::get_if<resume_fault>(&prepared)) {
    tell(fault->lines);
    return fault->exit_code;
  }
  auto setup = std::get<resume_setup>(std::move(prepared));
  auto decided = decide(what, run.id, past, setup.order);
  if (auto* code = std::get_if<int>(&decided)) {
    return *code;
  }
  // Calls in flight when the process died are charged in full.
  if (auto fault =
          reserve_for_day(journal, setup.order, past.spent + past.reserved)) {
    return tell_claim_fault(*fault);
  }
  std::optional<output_file> file;
  if (!open_output(options.output, file)) {
    return exit_usage;
  }
  session_order session;
  session.past = std::move(taken.events);
  session.journal = std::move(journal);
  session.crew = std::move(setup.crew);
  session.order = std::move(setup.order);
  session.context = std::move(setup.context);
  session.context.run = run.id.text;
  if (!options.state.empty()) {
    session.context.resume_arguments = " --state " + options.state;
  }
  session.notes = std::move(setup.notes);
  session.resumed = true;
  session.changes_accepted = setup.changed;
  session.decision = std::get<0>(std::move(decided));
  const session_options shown{options.json, options.quiet, options.no_color,
                              session.context.config, options.output};
  return work_on(std::move(session), shown, mailbox, signals, file);
}

int go_on_with(const request& what) {
  auto found = find_run(what.options.state, what.options.run);
  if (auto* code = std::get_if<int>(&found)) {
    return *code;
  }
  const auto& run = std::get<found_run>(found);
  interrupt_guard signals;
  run_mailbox mailbox;
  auto journal = open_run_journal(what.options.state, false, run.id, mailbox);
  if (auto* fault = std::get_if<problem>(&journal)) {
    return tell_problem(*fault);
  }
  return go_on(what, run, std::get<run_journal>(std::move(journal)), mailbox,
               signals);
}

} // namespace

int resume_command(const resume_options& options) {
  return go_on_with({options, std::nullopt});
}

int approve_command(const approve_options& options) {
  core::approval_decision decision;
  decision.comment = options.comment;
  if (!options.plan_file.empty()) {
    auto text = read_file(options.plan_file, edited_plan_bytes_max);
    if (auto* fault = std::get_if<read_fault>(&text)) {
      tell({"brigade: --plan " + terminal_line(options.plan_file) + ": "
            + terminal_line(fault->message)});
      return exit_usage;
    }
    decision.plan_text = std::get<std::string>(std::move(text));
    strip_byte_order_mark(*decision.plan_text);
  }
  return go_on_with({options.resume, std::move(decision)});
}

} // namespace brigade::app
