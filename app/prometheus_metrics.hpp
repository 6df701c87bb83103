/// The daemon's metrics, kept by prometheus-cpp, as the text of `/metrics`.
#pragma once

#include "brigade/core/run/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace brigade::app {

/// `Content-Type` of the text.
inline constexpr std::string_view metrics_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

/// Sets of label values of one metric; more of them share one series whose
/// labels are all `other`.
inline constexpr std::size_t series_max = 500;

/// What the daemon knows at any moment.
enum class server_gauge : std::uint8_t {
  runs_active,
  queue_depth,
  connections,
  event_subscribers,
};

/// What the daemon has counted since its start.
enum class server_counter : std::uint8_t {
  connections_accepted,
  connections_refused,
  connections_evicted,
  connections_timed_out,
  requests_rejected,
  streams_dropped,
  journal_writes,
  journal_events,
  log_lines_dropped,
  config_reloads,
  config_reloads_failed,
};

/// All functions may be called from any thread. Counting takes a lock that is
/// shared and an atomic addition.
class prometheus_metrics : public core::metric_sink {
public:
  /// `version` and `revision` are shown by `brigade_build_info`.
  prometheus_metrics(std::string version, std::string revision);
  ~prometheus_metrics() override;

  prometheus_metrics(const prometheus_metrics&) = delete;
  prometheus_metrics& operator=(const prometheus_metrics&) = delete;

  void add(core::metric id, std::span<const std::string_view> labels,
           double amount) override;
  void observe(core::metric id, std::span<const std::string_view> labels,
               double value) override;

  void set(server_gauge what, double value);

  /// The count so far, not what is added to it.
  void set(server_counter what, std::uint64_t value);

  /// One answered request. `route` is the pattern that matched, such as
  /// `/api/v1/runs/{run}`, never a path of a client; empty: none did.
  void request_answered(std::string_view route, int status, double seconds);

  /// Called at the beginning of each `text`, on its thread: the place to `set`
  /// what changes all the time. Replaces the one before.
  void before_text(std::function<void()> update);

  /// Everything in Prometheus's text format, with figures of the process.
  std::string text();

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::app
