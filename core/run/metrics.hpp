/// What operators watch, as numbers over the runs of a process: names, kinds,
/// labels and buckets of the metrics, and the way in for whoever keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace brigade::core {

/// Each stands for one row of `metric_infos`.
enum class metric : std::uint8_t {
  // -- runs -------------------------------------------------------------------
  runs_submitted,
  runs_finished,
  runs_suspended,
  runs_resumed,
  nested_runs_finished,
  run_duration,
  run_critical_path,
  run_cost,
  // -- plans and subtasks -----------------------------------------------------
  plan_tasks,
  plans_rejected,
  approvals_requested,
  approvals_given,
  tasks_attempted,
  tasks_ended,
  task_failures,
  task_retries,
  task_duration,
  workers_busy,
  syntheses,
  // -- calls ------------------------------------------------------------------
  calls,
  call_duration,
  call_tokens,
  call_cost,
  call_retries,
  call_wait,
  calls_in_doubt,
  calls_in_flight,
  // -- money ------------------------------------------------------------------
  budget_warnings,
  budget_breaches,
};

enum class metric_kind : std::uint8_t {
  /// Only grows.
  counter,
  /// Goes up and down.
  gauge,
  /// Of observations.
  histogram,
};

/// How one metric is shown. Names follow the conventions of Prometheus: base
/// units, `_total` for counters.
struct metric_info {
  metric id;
  metric_kind kind;
  std::string_view name;
  std::string_view help;
  /// Their values are few: names of crews and models, statuses, codes. Never
  /// an id of a run, never a text.
  std::span<const std::string_view> labels;
  /// Upper bounds of a histogram's buckets, rising, without infinity.
  std::span<const double> buckets;
};

/// All metrics, in the order of `metric`.
std::span<const metric_info> metric_infos();

/// Keeps the numbers.
class metric_sink {
public:
  virtual ~metric_sink() = default;

  /// Adds to a counter (never less than 0) or a gauge. `labels` are values in
  /// the order of `metric_info::labels`, valid during the call only.
  virtual void add(metric id, std::span<const std::string_view> labels,
                   double amount) = 0;

  /// One more observation of a histogram.
  virtual void observe(metric id, std::span<const std::string_view> labels,
                       double value) = 0;
};

} // namespace brigade::core
