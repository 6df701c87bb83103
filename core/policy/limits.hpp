/// Every limit of a run, with its default. Names end in their unit.
#pragma once

#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace brigade::core {

/// The longest answer of a synthesizer, in bytes inside a JSON string; a longer
/// one is cut, visibly.
inline constexpr std::uint64_t answer_bytes_max = 1'048'576;

/// How much is reserved for a call.
enum class estimate_kind : std::uint8_t {
  /// Its worst case: the ceiling is a guarantee (rules M1 to M3).
  strict,
  /// What calls of this model have turned out to need: more fits under the
  /// ceiling, and it can be exceeded by what the report states.
  typical,
};

/// What becomes of a call that was in flight when the process died, and that
/// the provider may have answered and billed. It is charged in full either way.
enum class in_doubt_policy : std::uint8_t {
  /// It is bought again.
  resend,
  /// Its subtask fails.
  fail,
};

struct limits {
  /// The ceiling of a run: `[limits] cost_usd`.
  pico_usd cost{pico_per_usd / 2};
  /// Tokens of a run, input and output, nested runs included; nothing: no
  /// ceiling.
  std::optional<std::uint64_t> tokens_max;
  /// Tries of all calls of a run, nested runs included; nothing: no ceiling.
  std::optional<std::uint64_t> calls_max;
  /// Subtasks of a run, nested runs included; nothing: no ceiling.
  std::optional<std::uint64_t> tasks_total_max;
  /// How much is reserved for a call.
  estimate_kind estimate = estimate_kind::strict;
  /// What all runs of one state directory may cost per day (UTC) together;
  /// nothing: no ceiling.
  std::optional<pico_usd> cost_per_day;
  /// Calls that were in flight when the process died.
  in_doubt_policy in_doubt = in_doubt_policy::resend;
  /// Shares of a ceiling, in percent of it and rising, that raise
  /// `budget.warned` once each when what is spent reaches them.
  std::vector<std::uint32_t> warn_at_percent{50, 80};

  // -- structure --------------------------------------------------------------
  std::uint32_t tasks_max = 8;
  std::uint32_t depth_max = 4;
  /// Workers that run at the same time.
  std::uint32_t parallel_max = 16;
  /// Runs below a run: 1 allows nested runs that have none themselves.
  std::uint32_t nesting_max = 1;

  // -- tries ------------------------------------------------------------------
  /// Lives of a subtask's worker; a crash or a timeout costs one.
  std::uint32_t attempts_max = 3;
  /// Tries of one call when the provider fails in a way that may pass.
  std::uint32_t tries_max = 3;
  /// Calls of one subtask over all tries, repairs and attempts.
  std::uint32_t calls_per_task_max = 12;
  /// Restarts of a run's workers within any `restart_window_ms`; one more
  /// quarantines the subtask that would need it.
  std::uint32_t restarts_max = 32;
  std::int64_t restart_window_ms = 60'000;
  /// Repair prompts after a rejected plan or reply.
  std::uint32_t repairs_max = 2;

  // -- time -------------------------------------------------------------------
  /// One attempt of a subtask, and the call of the planner and of the
  /// synthesizer.
  std::int64_t attempt_timeout_ms = 60'000;
  /// A subtask over all its attempts and the waits between them.
  std::int64_t task_timeout_ms = 180'000;
  /// The whole run, time suspended not counted.
  std::int64_t run_deadline_ms = 300'000;
  /// How long a run waits for the approval of its plan, restarts included.
  std::int64_t approval_timeout_ms = 86'400'000;
  /// First wait between tries and between attempts; doubles each time.
  std::int64_t backoff_base_ms = 500;
  std::int64_t backoff_max_ms = 8'000;

  // -- size -------------------------------------------------------------------
  /// Excerpts of the inputs that the planner sees, in bytes.
  std::uint64_t planner_input_bytes_max = 65'536;
  /// A longer result of a subtask is cut, visibly; the synthesis share is
  /// reckoned from it.
  std::uint64_t result_bytes_max = 16'384;
  std::uint64_t goal_bytes_max = 65'536;
  /// Per document.
  std::uint64_t input_bytes_max = 16'777'216;
  std::uint32_t inputs_max = 64;

  friend bool operator==(const limits&, const limits&) = default;
};

} // namespace brigade::core
