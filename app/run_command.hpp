/// `brigade run`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code; see exit_codes.hpp.
int run_command(const run_options& options);

} // namespace brigade::app
