/// `brigade show --calls`: each call with what was sent and answered. Pure.
#pragma once

#include "brigade/app/show_view.hpp"

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// `ok`, `timed_out: ...`, `in doubt: ...`, `in flight`.
std::string call_outcome(const core::call_state& call);

/// One line that says whose call it was and what became of it.
std::string call_line(const stored_run& run, std::size_t call);

/// Everything about one call.
std::vector<std::string> show_call(const stored_run& run, std::size_t call,
                                   const show_view& view);

/// The calls of a subtask, or of all when `task` is empty, whole.
std::vector<std::string>
show_calls(const stored_run& run, std::string_view task, const show_view& view);

/// One object per call, as `--json --calls` prints them.
boost::json::value calls_json(const core::run_history& history);

} // namespace brigade::app
