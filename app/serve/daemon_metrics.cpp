#include "brigade/app/serve/daemon_metrics.hpp"

#include "brigade/app/version.hpp"
#include "brigade/net/api/route.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace brigade::app::serve {

daemon_metrics::daemon_metrics() : metrics_(version_number(), revision()) {
  // nop
}

void daemon_metrics::set_sources(metric_sources sources) {
  sources_ = std::move(sources);
  metrics_.before_text([this] {
    const auto server = sources_.server();
    const auto journal = sources_.journal();
    metrics_.set(server_gauge::runs_active,
                 static_cast<double>(sources_.running()));
    metrics_.set(server_gauge::queue_depth,
                 static_cast<double>(sources_.waiting()));
    metrics_.set(server_gauge::event_subscribers,
                 static_cast<double>(sources_.subscribers()));
    metrics_.set(server_gauge::connections, static_cast<double>(server.open));
    metrics_.set(server_counter::connections_accepted, server.accepted);
    metrics_.set(server_counter::connections_refused, server.refused);
    metrics_.set(server_counter::connections_evicted, server.evicted);
    metrics_.set(server_counter::connections_timed_out, server.timed_out);
    metrics_.set(server_counter::requests_rejected, server.rejected_by_gate);
    metrics_.set(server_counter::streams_dropped, server.streams_dropped);
    metrics_.set(server_counter::journal_writes, journal.transactions);
    metrics_.set(server_counter::journal_events, journal.events);
    if (sources_.dropped_lines) {
      metrics_.set(server_counter::log_lines_dropped, sources_.dropped_lines());
    }
    metrics_.set(server_counter::config_reloads, reloads_);
    metrics_.set(server_counter::config_reloads_failed, failed_reloads_);
  });
}

void daemon_metrics::on_access(const net::access_record& record) {
  const auto routed = net::api::find_route(record.method, record.path);
  const auto route = routed.found ? routed.found->pattern : std::string_view{};
  metrics_.request_answered(
      route, record.status,
      std::chrono::duration<double>(record.duration).count());
}

void daemon_metrics::on_reload(bool taken) {
  (taken ? reloads_ : failed_reloads_) += 1;
}

} // namespace brigade::app::serve
