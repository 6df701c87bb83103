/// `brigade serve`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code once it was told to stop.
int serve_command(const serve_options& options);

} // namespace brigade::app
