/// `brigade show`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code. Reads the journal only.
int show_command(const show_options& options);

} // namespace brigade::app
