/// The exit codes of `brigade`. They are stable: scripts rely on them. The
/// code of a finished run is `core::exit_code_of(report)`.
#pragma once

namespace brigade::app {

/// An answer, and all subtasks succeeded.
inline constexpr int exit_ok = 0;
/// No answer: the run failed.
inline constexpr int exit_failed = 1;
/// The command line, the goal or a document cannot be used.
inline constexpr int exit_usage = 2;
/// The crew file cannot be used.
inline constexpr int exit_config = 3;
/// No answer: every plan was rejected.
inline constexpr int exit_plan_rejected = 4;
/// An answer with gaps.
inline constexpr int exit_partial = 5;
/// No answer: the cost ceiling.
inline constexpr int exit_over_budget = 6;
/// No answer: a provider or its key.
inline constexpr int exit_provider = 7;
/// No answer: the deadline.
inline constexpr int exit_deadline = 8;
/// Suspended by an interrupt, or because the plan waits for approval.
inline constexpr int exit_interrupted = 130;

} // namespace brigade::app
