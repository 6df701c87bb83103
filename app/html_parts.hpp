/// The parts of the page of a run, each an HTML fragment. Pure.
#pragma once

#include "brigade/app/stored_run.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace brigade::app {

/// The style sheet: light and dark, as the system says or as the box in the
/// page says.
extern const std::string_view html_style;

/// `done`, `failed`, ...: names the colours of a subtask.
std::string html_state_class(const stored_run& run, std::size_t task);

/// The plan as a picture: subtasks in columns by depth, lines for
/// dependencies, the critical path strong; each leads to its details.
std::string html_graph(const stored_run& run);

/// A bar for each attempt and a mark for each call, on one scale.
std::string html_timeline(const stored_run& run);

/// What was paid, by role, by model and by subtask.
std::string html_costs(const stored_run& run);

/// Each subtask with its description, attempts and result.
std::string html_tasks(const stored_run& run);

/// Each call with what was sent and answered.
std::string html_calls(const stored_run& run);

} // namespace brigade::app
