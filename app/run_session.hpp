/// One run from its order to its answer, as `run` and `resume` show it.
#pragma once

#include "brigade/app/diagnose.hpp"
#include "brigade/app/interrupt.hpp"
#include "brigade/app/output_file.hpp"
#include "brigade/app/recalled.hpp"
#include "brigade/app/run_journal.hpp"
#include "brigade/app/run_mailbox.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace brigade::app {

struct session_options {
  bool json = false;
  bool quiet = false;
  bool no_color = false;
  /// As given, for messages.
  std::string config;
  /// `-o`; empty: stdout.
  std::string output;
};

struct session_order {
  config::crew_file crew;
  core::run_order order;
  diagnose_context context;
  /// Told before the run begins.
  std::vector<std::string> notes;
  run_journal journal;
  /// Set: the run goes on where these events end.
  bool resumed = false;
  std::vector<core::event_ptr> past;
  bool changes_accepted = false;
  /// With `resumed`: about its plan.
  std::optional<core::approval_decision> decision;
  /// What another run paid for; null: nothing.
  std::shared_ptr<const recalled_replies> recalled;
};

/// Makes the temporary of `-o`. Returns false when the run must not start.
bool open_output(const std::string& path, std::optional<output_file>& file);

/// Writes `content` to `file` or stdout. Returns false when it is lost and
/// somebody must know.
bool deliver(const std::string& content, std::optional<output_file>& file,
             bool quiet);

/// A report of a run that never began.
core::run_report failed_report(const std::string& goal, core::pico_usd ceiling,
                               std::string reason, std::string message);

/// Whether somebody can be asked about a plan at this terminal.
bool asks_here(const session_options& options);

/// Runs it and shows it; asks about the plan where it must be approved and
/// somebody is there; returns the exit code. `mailbox` is the one that its
/// journal writes to.
int work_on(session_order what, const session_options& options,
            run_mailbox& mailbox, interrupt_guard& signals,
            std::optional<output_file>& file);

} // namespace brigade::app
