/// `brigade html`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code. Reads the journal only; writes the page to stdout or
/// to the file, all or nothing.
int html_command(const html_options& options);

} // namespace brigade::app
