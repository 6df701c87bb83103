/// What the job API shows of runs: JSON texts. Pure.
#pragma once

#include "brigade/net/api/backend.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::net::api {

/// `/api/v1/runs/ID`.
std::string path_of(const core::run_id& run);

/// The run itself: where it is, what it has cost, where its parts are.
std::string run_json(const run_view& view);

/// Its accepted plan, and what its approval is asked for; nothing: none yet.
std::optional<std::string> plan_json(const run_view& view);

/// All subtasks with how far they are.
std::string tasks_json(const run_view& view);

/// One subtask with its result; nothing: there is none of this id.
std::optional<std::string> task_json(const run_view& view,
                                     std::string_view task);

/// The whole report: what `brigade run --json` prints. Only of a run that has
/// ended.
std::string result_json(const run_view& view);

/// A page of a list; `next` leads to the one after it.
std::string list_json(const std::vector<run_line>& runs,
                      const std::string& next);

std::string crews_json(const std::vector<crew_card>& crews);

/// Changes with everything that is shown of the run.
std::string etag_of(const run_view& view);

/// `2026-11-21T14:00:00.000Z`; empty for 0.
std::string utc_text(std::int64_t wall_ms);

} // namespace brigade::net::api
