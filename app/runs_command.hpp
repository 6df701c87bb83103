/// `brigade runs`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code. Reads the journal only.
int runs_command(const runs_options& options);

} // namespace brigade::app
