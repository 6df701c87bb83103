/// `brigade export`: one file with everything about a run.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code.
int export_command(const export_options& options);

} // namespace brigade::app
