/// Everything of `brigade resume` that can fail before anything is bought.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/diagnose.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/run_state.hpp"

#include <string>
#include <variant>
#include <vector>

namespace brigade::app {

/// A run that could go on.
struct resume_setup {
  config::crew_file crew;
  core::run_order order;
  diagnose_context context;
  std::vector<std::string> notes;
  bool changed = false;
};

/// Why it could not.
struct resume_fault {
  int exit_code = 0;
  /// For stderr, safe to print.
  std::vector<std::string> lines;
};

/// Finds crew and documents of a run again and compares them with what it was
/// made from. `past` is the fold of its events.
std::variant<resume_setup, resume_fault>
prepare_resume(const resume_options& options, const core::run_id& run,
               const core::run_source& source, const core::run_state& past);

} // namespace brigade::app
