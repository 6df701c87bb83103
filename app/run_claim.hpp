/// Becoming the owner of a run that is to go on or to end, or asking the
/// process that is. Faults are told on stderr and become exit codes.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/control_message.hpp"
#include "brigade/app/run_journal.hpp"
#include "brigade/core/run/run_state.hpp"
#include "brigade/store/archive.hpp"

#include <string>
#include <variant>
#include <vector>

namespace brigade::app {

int tell_claim_fault(const store::fault& why);
int tell_problem(const problem& why);

/// Says that a run does not wait for approval; returns the exit code.
int tell_not_waiting(const core::run_id& run);

/// `/tasks/0/worker  unknown_worker: ...`, all of them; returns the exit code.
int tell_plan_faults(const std::vector<core::plan_fault>& faults);

/// Where runs are kept, and the run that the user means there.
struct found_run {
  std::string directory;
  core::run_id id;
};

/// Finds the run without becoming its owner; or the exit code.
std::variant<found_run, int> find_run(const std::string& state,
                                      const std::string& name);

/// A run that this process owns.
struct owned_run {
  core::run_source source;
  std::vector<core::event_ptr> events;
  /// Their fold.
  core::run_state past;
};

std::variant<owned_run, store::fault> own(const run_journal& journal,
                                          const core::run_id& run);

/// Passes the request on to the process that owns the run, and tells what that
/// answers. Returns the exit code.
int ask_elsewhere(const found_run& run, const control_request& request);

} // namespace brigade::app
