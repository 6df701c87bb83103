/// `brigade reject` and `brigade cancel`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Ends a run here when nobody works on it, else through the process that does.
/// Returns the exit code.
int reject_command(const reject_options& options);
int cancel_command(const cancel_options& options);

} // namespace brigade::app
