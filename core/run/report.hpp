/// The report of a run: what `brigade run --json` prints.
#pragma once

#include "brigade/core/run/ids.hpp"
#include "brigade/core/run/run_state.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <string>

namespace brigade::core {

/// The numbers by which operators judge a run.
struct run_kpis {
  /// Start of the run to its last event, in ms; time suspended not counted.
  std::int64_t wall_ms = 0;
  /// Start to `plan.accepted`, plus the longest chain of dependent subtasks,
  /// each with its actual duration (first start to end, retries included),
  /// plus `synthesis.started` to the last event. What `wall_ms` has above it
  /// was spent waiting for a free slot. Without an accepted plan: `wall_ms`.
  std::int64_t critical_path_ms = 0;
  /// Subtasks in the plan.
  std::uint32_t fan_out = 0;
  /// Failed subtasks in thousandths of those that had an attempt; 0 when none
  /// had.
  std::uint32_t task_error_permille = 0;
};

run_kpis kpis_of(const run_state& state);

/// What the run guaranteed, and which rules a switch waived.
struct run_guarantees {
  /// `strict`: M1 to M3 hold. `typical`: calls in flight could exceed what was
  /// reserved for them by up to `overshoot_max`.
  std::string estimate = "strict";
  /// `memory`: results do not survive the process (waives R1, M5 over a crash).
  std::string journal = "memory";
  /// `billed`: amounts are what providers bill. `worst_case`: they are upper
  /// bounds. `tokens_only`: a model has no price and is in no amount.
  std::string prices = "billed";
  pico_usd overshoot_max{};
};

/// What the events of a run say of its guarantees.
run_guarantees guarantees_of(const run_state& state);

/// A finished or suspended run, whole.
struct run_report {
  run_id id;
  run_state state;
  run_guarantees guarantees;
};

/// The JSON form; amounts are exact decimal strings and `cost.by` adds up to
/// `cost.spent_usd` (calls in flight are in neither). What is not known or does
/// not exist is null. A subtask that was running when the run was suspended
/// counts as `not_started`: it will start once more.
boost::json::value to_json(const run_report& report);

/// The exit code of `brigade run` for this report: 0 answer and all subtasks
/// succeeded, 5 an answer with gaps, else the reason's: 1 failed, 4 plan
/// rejected, 6 over budget, 7 provider or key, 8 deadline, 130 suspended: by an
/// interrupt, or because its plan waits for approval. A run that was cancelled
/// on request, or whose plan was not approved, has no code of its own: 1.
int exit_code_of(const run_report& report);

} // namespace brigade::core
