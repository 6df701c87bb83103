/// `brigade check`.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code. Reads the crew file and what it names; sends
/// nothing, and needs no key.
int check_command(const check_options& options);

} // namespace brigade::app
