/// `brigade show RUN`: the whole run on one screen. Pure.
#pragma once

#include "brigade/app/show_view.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// What it was, what became of it, the plan with its failures, and what to do
/// next.
std::vector<std::string> show_run(const stored_run& run, const show_view& view);

/// The last lines alone: what went wrong first and the commands that help;
/// none when all went well.
std::vector<std::string> next_steps(const stored_run& run);

} // namespace brigade::app
