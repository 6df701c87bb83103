/// What the daemon counts: the events of all runs, its HTTP server and its
/// journal, as one text for Prometheus.
#pragma once

#include "brigade/app/prometheus_metrics.hpp"
#include "brigade/core/run/metrics_fold.hpp"
#include "brigade/net/http_server.hpp"
#include "brigade/store/sqlite.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace brigade::app::serve {

/// What is looked up when somebody asks.
struct metric_sources {
  std::function<std::size_t()> running;
  std::function<std::size_t()> waiting;
  std::function<std::size_t()> subscribers;
  std::function<net::http_server_counters()> server;
  std::function<store::write_counts()> journal;
  std::function<std::uint64_t()> dropped_lines;
};

/// Of the server's thread, but for `on_reload`.
class daemon_metrics {
public:
  daemon_metrics();

  /// Before the first `text`.
  void set_sources(metric_sources sources);

  void on_event(const core::run_id& run, const core::event& e) {
    fold_.apply(run, e);
  }

  /// Events of the past, before the run's first new one.
  void recall(const core::run_id& run, const core::event& e) {
    fold_.recall(run, e);
  }

  void on_access(const net::access_record& record);
  void on_reload(bool taken);

  std::string text() { return metrics_.text(); }

private:
  prometheus_metrics metrics_;
  core::metrics_fold fold_{metrics_};
  metric_sources sources_;
  std::uint64_t reloads_ = 0;
  std::uint64_t failed_reloads_ = 0;
};

} // namespace brigade::app::serve
