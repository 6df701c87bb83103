/// `brigade events`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code. Reads the journal only; with `follow` again and
/// again, until the run ends or nobody works on it.
int events_command(const events_options& options);

} // namespace brigade::app
