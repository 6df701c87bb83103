/// Everything of `brigade run` that can fail before anything is bought.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/diagnose.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <string>
#include <variant>
#include <vector>

namespace brigade::app {

/// A run that could start.
struct run_setup {
  config::crew_file crew;
  core::run_order order;
  diagnose_context context;
  /// Warnings about the crew file.
  std::vector<std::string> warnings;
};

/// Why it could not.
struct setup_fault {
  int exit_code = 0;
  /// For stderr, safe to print.
  std::vector<std::string> lines;
  /// Set when a report is owed all the same: keys are missing.
  std::vector<std::string> missing_keys;
  /// As far as it was read.
  std::string goal;
  core::pico_usd ceiling;
};

/// Reads crew, goal, documents and plan. The faults of goal, documents and
/// plan are told together.
std::variant<run_setup, setup_fault> prepare_run(const run_options& options);

/// What messages say of a crew's providers.
std::vector<provider_hint> hints_of(const config::crew_file& file);

/// A new id, from the clock and the system's randomness.
core::run_id new_run_id();

} // namespace brigade::app
