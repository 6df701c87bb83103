/// `brigade replay`: repeats an exported run from its recorded replies.
#pragma once

#include "brigade/app/cli.hpp"

namespace brigade::app {

/// Returns the exit code: 0 only when the answer is the recorded one, byte by
/// byte. Nothing leaves the process but what it prints.
int replay_command(const replay_options& options);

} // namespace brigade::app
