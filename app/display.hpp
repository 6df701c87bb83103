/// Numbers and names as people read them in the progress. Pure.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/core/plan/plan.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace brigade::app {

/// `0.0s`, `12.3s`, `2m05s`, `1h02m`.
std::string display_duration(std::int64_t ms);

/// `512`, `1.2k`, `18.2k`, `3.4M`: rounded down.
std::string display_count(std::uint64_t count);

/// `$0.0432`, rounded up.
std::string display_cost(core::pico_usd amount);

/// `$0.50`; more decimals only when the amount has them. `no ceiling` for the
/// largest amount.
std::string display_ceiling(core::pico_usd amount);

/// `1.2k in 0.4k out`.
std::string display_tokens(const core::usage& tokens);

/// `1 gap`, `2 gaps`.
std::string counted(std::uint64_t count, std::string_view noun);

/// The longest chain of dependent subtasks; 0 without subtasks. Safe for
/// plans with cycles.
std::uint32_t plan_depth(const core::plan& p);

/// Subtasks with this status.
std::uint32_t count_tasks(const core::run_state& state,
                          core::task_status status);

/// `done in 1.2s  subtasks 4/4  tokens 1.2k in 0.4k out  cost $0.0000 of
/// $0.50  run 01J...`: the last line of every run.
std::string done_line(const core::run_report& report);

/// What rests on a promise that a switch or a back end waived, one line each:
/// `journal: memory, results do not survive this process`.
std::vector<std::string> guarantee_lines(const core::run_guarantees& given);

} // namespace brigade::app
