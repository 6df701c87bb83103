/// `brigade show RUN TASK`: everything about one subtask. Pure.
#pragma once

#include "brigade/app/show_view.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::app {

/// What it was told, when it worked, what failed, and its result whole. With
/// `calls` each call is shown with what was sent and answered.
std::vector<std::string> show_task(const stored_run& run, std::size_t task,
                                   bool calls, const show_view& view);

/// Its subtasks, for a message that one was not found: `t1, t2, t3`.
std::string task_names(const core::run_state& state);

} // namespace brigade::app
