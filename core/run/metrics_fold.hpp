/// The metrics of a process: a fold over the events of all its runs.
#pragma once

#include "brigade/core/run/run_metrics.hpp"

#include <cstddef>
#include <deque>
#include <unordered_map>

namespace brigade::core {

/// Suspended runs whose times are remembered; of others, what went before is
/// not known when they go on.
inline constexpr std::size_t suspended_metrics_max = 1024;

/// Turns events into observations. Keeps for each open run the times of its
/// subtasks and its calls in flight, and no text; nothing of a run that has
/// ended. Of the calls of nested runs only the nested runs' own events count,
/// so no call counts twice. Not thread-safe.
class metrics_fold {
public:
  /// The sink must outlive the fold.
  explicit metrics_fold(metric_sink& sink);

  metrics_fold(const metrics_fold&) = delete;
  metrics_fold& operator=(const metrics_fold&) = delete;

  /// One event that happened now. Events of a run come in sequence; one that
  /// came before is ignored.
  void apply(const run_id& run, const event& e);

  /// One event of the past, before any that is applied: nothing is counted, but
  /// what comes next is understood. For a run that another process began.
  void recall(const run_id& run, const event& e);

  /// A run goes on elsewhere, or its end will not be told.
  void forget(const run_id& run);

  /// Runs that are kept, suspended ones included.
  std::size_t runs() const { return runs_.size(); }

private:
  struct kept_run {
    run_metrics metrics;
    /// What is known of it comes from another process, whose end ended its
    /// workers and calls.
    bool recalled = false;
  };

  void keep_suspended(const run_id& run);

  metric_sink& sink_;
  std::unordered_map<run_id, kept_run> runs_;
  /// Oldest first; runs that went on or ended since may stand in it.
  std::deque<run_id> suspended_;
};

} // namespace brigade::core
