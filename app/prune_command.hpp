/// `brigade prune`: deletes runs that have ended.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Asks first on a terminal, unless `yes`; without a terminal it deletes
/// nothing unless `yes`. Returns the exit code.
int prune_command(const prune_options& options);

} // namespace brigade::app
