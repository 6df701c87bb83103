/// Reading runs for the commands that look back: every fault is told on stderr
/// and becomes an exit code.
#pragma once

#include "brigade/core/run/history.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/store/archive.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::app {

/// Tells a fault of the journal. Returns the exit code: usage when something
/// was named that is not there or not unique, else failed.
int tell_fault(const store::fault& why);

/// The archive of `state` (as in `state_directory`), or the exit code.
std::variant<store::archive, int> open_archive(const std::string& state);

/// The runs that a filter lets through, or the exit code. Where nothing was
/// ever kept there are none.
std::variant<std::vector<store::listed_run>, int>
list_runs(const std::string& state, const store::list_filter& filter);

/// One run with everything that was recorded.
struct stored_run {
  store::listed_run listed;
  core::run_history history;
};

/// Finds and folds a run. When its events cannot be read, what the list knows
/// of it is told too.
std::variant<stored_run, int> read_run(const std::string& state,
                                       std::string_view name);

/// `running`, `interrupted`, `succeeded`, ...: a run whose process is gone is
/// not running.
std::string_view status_word(const store::listed_run& run);

/// Of a run whose process is gone, ready to be shown: nothing runs.
core::run_report report_of(const stored_run& run);

/// Writes to stdout as long as somebody reads. Returns the exit code; tells
/// what cannot be written.
int print_all(std::string_view text);

} // namespace brigade::app
