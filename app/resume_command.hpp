/// `brigade resume`: goes on with a run where its journal ends.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code: that of the run, 1 when another process works on it
/// or its journal is damaged, 2 when there is nothing to continue, 3 when the
/// crew or a document has changed and that was not accepted.
int resume_command(const resume_options& options);

} // namespace brigade::app
