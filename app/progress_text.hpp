/// Progress for logs and pipes: a line per change. Pure.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_state.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// The lines that tell `e`; most often one, for some events none. `state` has
/// `e` already folded in. Safe to print: see `terminal_line`.
std::vector<std::string> progress_lines(const core::event& e,
                                        const core::run_state& state);

/// The first line of a run that goes on: what it has already.
std::string recalled_line(const core::run_state& state);

} // namespace brigade::app
