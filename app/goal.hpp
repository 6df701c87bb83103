/// Reads the goal of a run: from the argument, a file or stdin.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/core/policy/limits.hpp"

#include <string>
#include <variant>

namespace brigade::app {

/// The goal of `options`, without white space at its ends. `stdin_fd` is read
/// to its end when the goal is `-`; at most one byte above the limit.
std::variant<std::string, problem>
load_goal(const run_options& options, const core::limits& bounds, int stdin_fd);

} // namespace brigade::app
