/// The plan of a run with what became of it: a tree with times, costs and
/// failures. Pure.
#pragma once

#include "brigade/app/show_view.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// A row for each subtask, its failure right below it, and the time scale.
/// Without an accepted plan: its faults.
std::vector<std::string> show_plan(const stored_run& run,
                                   const show_view& view);

} // namespace brigade::app
