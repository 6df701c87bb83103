/// What people see of a plan that waits for approval. Pure.
#pragma once

#include "brigade/core/plan/plan.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// Of a plan's description and the path, in columns, where no terminal says how
/// wide it is.
inline constexpr std::size_t approval_columns = 100;

/// The subtasks as a tree, one line each.
std::vector<std::string> plan_lines(const core::plan& p, std::size_t columns,
                                    bool ascii);

/// `about $0.0210, at least $0.0031, at most $0.0420`.
std::string cost_range(const core::events::approval_requested& asked);

/// `t1, t3, t4`.
std::string path_text(const std::vector<std::string>& ids);

/// The plan, its critical path, what it will cost beside what is spent.
std::vector<std::string>
approval_lines(const core::plan& p,
               const core::events::approval_requested& asked,
               const core::run_state& state, std::size_t columns, bool ascii);

/// `2026-11-22 14:00:00 UTC`; `for ever` where no clock reaches the end.
std::string approval_end(const core::run_state& state);

/// The commands that decide. `arguments`: what else they must be told, such as
/// ` --state DIR`.
std::vector<std::string> approval_commands(std::string_view run,
                                           std::string_view arguments);

} // namespace brigade::app
