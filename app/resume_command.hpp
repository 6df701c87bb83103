/// `brigade resume` and `brigade approve`: go on with a run where its journal
/// ends.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code: that of the run, 1 when another process works on it
/// or its journal is damaged, 2 when there is nothing to continue, 3 when the
/// crew or a document has changed and that was not accepted. A run that waits
/// for approval is shown and left alone.
int resume_command(const resume_options& options);

/// The same with somebody's approval; 2 when the run does not wait for one, 4
/// when the plan that is given instead has faults. A run whose time is over
/// ends with that.
int approve_command(const approve_options& options);

} // namespace brigade::app
