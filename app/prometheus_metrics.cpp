#include "brigade/app/prometheus_metrics.hpp"

#include "brigade/app/process_figures.hpp"
#include "brigade/app/terminal_text.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <variant>
#include <vector>

namespace brigade::app {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

struct named {
  const char* name;
  const char* help;
};

constexpr std::array<named, 4> gauges{{
    {"brigade_runs_active", "Runs that are going"},
    {"brigade_queue_depth", "Runs that wait for their turn"},
    {"brigade_http_connections", "Connections of clients"},
    {"brigade_event_subscribers", "Streams of events that are open"},
}};

constexpr std::array<named, 11> counters{{
    {"brigade_http_connections_accepted_total", "Connections accepted"},
    {"brigade_http_connections_refused_total",
     "Connections answered with 429 or 503 because there were too many"},
    {"brigade_http_connections_evicted_total",
     "Connections closed to make room for others"},
    {"brigade_http_connections_timed_out_total",
     "Connections that took too long"},
    {"brigade_http_requests_rejected_total",
     "Requests that were not well-formed"},
    {"brigade_event_streams_dropped_total",
     "Streams whose clients fell too far behind"},
    {"brigade_journal_writes_total", "Transactions of the journal"},
    {"brigade_journal_events_total", "Events written to the journal"},
    {"brigade_log_lines_dropped_total", "Lines that the log had no room for"},
    {"brigade_config_reloads_total", "Configurations that were taken over"},
    {"brigade_config_reloads_failed_total",
     "Configurations that were refused, the old one staying in force"},
}};

static_assert(gauges.size()
              == static_cast<std::size_t>(server_gauge::event_subscribers) + 1);
static_assert(counters.size()
              == static_cast<std::size_t>(server_counter::config_reloads_failed)
                     + 1);

const prometheus::Histogram::BucketBoundaries request_seconds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60};

struct text_hash : std::hash<std::string_view> {
  using is_transparent = void;
};

/// The series of one metric, found by their label values.
template <class Metric>
class series_of {
public:
  series_of(prometheus::Family<Metric>& family,
            std::vector<std::string> label_names,
            prometheus::Histogram::BucketBoundaries buckets)
      : family_(family), names_(std::move(label_names)),
        buckets_(std::move(buckets)) {
    // Without labels there is one series, which is there from the start.
    if (names_.empty())
      find({});
  }

  Metric& find(std::span<const std::string_view> values) {
    thread_local std::string key;
    key.clear();
    for (auto value : values) {
      key += value;
      key += '\0';
    }
    {
      const std::shared_lock lock{mutex_};
      if (const auto found = known_.find(std::string_view{key});
          found != known_.end())
        return *found->second;
    }
    const std::unique_lock lock{mutex_};
    if (const auto found = known_.find(std::string_view{key});
        found != known_.end())
      return *found->second;
    if (known_.size() >= series_max)
      return other();
    return *known_.emplace(key, &add(values)).first->second;
  }

private:
  Metric& add(std::span<const std::string_view> values) {
    prometheus::Labels labels;
    for (std::size_t i = 0; i < names_.size(); ++i)
      labels[names_[i]] = i < values.size() ? cleaned(values[i]) : "";
    if constexpr (std::is_same_v<Metric, prometheus::Histogram>)
      return family_.Add(labels, buckets_);
    else
      return family_.Add(labels);
  }

  Metric& other() {
    if (other_ == nullptr) {
      const std::vector<std::string_view> values(names_.size(), "other");
      other_ = &add(values);
    }
    return *other_;
  }

  /// Valid UTF-8 on one line, and not endless: the names of crews and models
  /// come from files of the user.
  static std::string cleaned(std::string_view value) {
    constexpr std::size_t value_bytes_max = 128;
    return terminal_line(value.substr(0, value_bytes_max));
  }

  prometheus::Family<Metric>& family_;
  std::vector<std::string> names_;
  prometheus::Histogram::BucketBoundaries buckets_;
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Metric*, text_hash, std::equal_to<>> known_;
  Metric* other_ = nullptr;
};

using any_series =
    std::variant<std::unique_ptr<series_of<prometheus::Counter>>,
                 std::unique_ptr<series_of<prometheus::Gauge>>,
                 std::unique_ptr<series_of<prometheus::Histogram>>>;

std::vector<std::string> strings(std::span<const std::string_view> texts) {
  return {texts.begin(), texts.end()};
}

any_series make_series(prometheus::Registry& registry,
                       const core::metric_info& info) {
  const std::string name{info.name};
  const std::string help{info.help};
  const auto labels = strings(info.labels);
  switch (info.kind) {
  case core::metric_kind::gauge:
    return std::make_unique<series_of<prometheus::Gauge>>(
        prometheus::BuildGauge().Name(name).Help(help).Register(registry),
        labels, prometheus::Histogram::BucketBoundaries{});
  case core::metric_kind::histogram:
    return std::make_unique<series_of<prometheus::Histogram>>(
        prometheus::BuildHistogram().Name(name).Help(help).Register(registry),
        labels,
        prometheus::Histogram::BucketBoundaries{info.buckets.begin(),
                                                info.buckets.end()});
  case core::metric_kind::counter:
    break;
  }
  return std::make_unique<series_of<prometheus::Counter>>(
      prometheus::BuildCounter().Name(name).Help(help).Register(registry),
      labels, prometheus::Histogram::BucketBoundaries{});
}

/// A family of one number.
MetricFamily single(const char* name, const char* help, MetricType type,
                    double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return {name, help, type, {std::move(metric)}};
}

void add_process(std::vector<MetricFamily>& out) {
  const auto now = read_process_figures();
  const auto add = [&out](const auto& value, const char* name, const char* help,
                          MetricType type = MetricType::Gauge) {
    if (value)
      out.push_back(single(name, help, type, static_cast<double>(*value)));
  };
  add(now.cpu_seconds, "process_cpu_seconds_total",
      "CPU time of this process, in seconds", MetricType::Counter);
  add(now.resident_bytes, "process_resident_memory_bytes",
      "Resident memory, in bytes");
  add(now.virtual_bytes, "process_virtual_memory_bytes",
      "Virtual memory, in bytes");
  add(now.threads, "process_threads", "Threads of this process");
  add(now.open_fds, "process_open_fds", "Open file descriptors");
  add(now.fds_max, "process_max_fds", "Limit of open file descriptors");
  add(now.start_seconds, "process_start_time_seconds",
      "When this process began, Unix time in seconds");
}

} // namespace

struct prometheus_metrics::impl {
  prometheus::Registry registry;
  std::vector<any_series> series;
  std::optional<series_of<prometheus::Counter>> requests;
  std::optional<series_of<prometheus::Histogram>> request_times;
  std::array<std::atomic<double>, gauges.size()> gauge_values{};
  std::array<std::atomic<std::uint64_t>, counters.size()> counter_values{};
  MetricFamily build;
  std::mutex update_mutex;
  std::function<void()> update;
};

prometheus_metrics::prometheus_metrics(std::string version,
                                       std::string revision)
    : impl_(std::make_unique<impl>()) {
  auto& registry = impl_->registry;
  for (const auto& info : core::metric_infos())
    impl_->series.push_back(make_series(registry, info));
  impl_->requests.emplace(prometheus::BuildCounter()
                              .Name("brigade_http_requests_total")
                              .Help("Requests answered")
                              .Register(registry),
                          std::vector<std::string>{"route", "code"},
                          prometheus::Histogram::BucketBoundaries{});
  impl_->request_times.emplace(
      prometheus::BuildHistogram()
          .Name("brigade_http_request_duration_seconds")
          .Help("Requests from their whole head to the answer's last byte; "
                "streams until their end")
          .Register(registry),
      std::vector<std::string>{"route"}, request_seconds);
  impl_->build =
      single("brigade_build_info", "The program that runs; its value is 1",
             MetricType::Gauge, 1);
  impl_->build.metric.front().label = {{"version", std::move(version)},
                                       {"revision", std::move(revision)}};
}

prometheus_metrics::~prometheus_metrics() = default;

void prometheus_metrics::add(core::metric id,
                             std::span<const std::string_view> labels,
                             double amount) {
  auto& found = impl_->series[static_cast<std::size_t>(id)];
  if (auto* counter =
          std::get_if<std::unique_ptr<series_of<prometheus::Counter>>>(&found))
    (*counter)->find(labels).Increment(amount);
  else if (auto* gauge =
               std::get_if<std::unique_ptr<series_of<prometheus::Gauge>>>(
                   &found))
    (*gauge)->find(labels).Increment(amount);
}

void prometheus_metrics::observe(core::metric id,
                                 std::span<const std::string_view> labels,
                                 double value) {
  auto& found = impl_->series[static_cast<std::size_t>(id)];
  if (auto* histogram =
          std::get_if<std::unique_ptr<series_of<prometheus::Histogram>>>(
              &found))
    (*histogram)->find(labels).Observe(value);
}

void prometheus_metrics::set(server_gauge what, double value) {
  impl_->gauge_values[static_cast<std::size_t>(what)] = value;
}

void prometheus_metrics::set(server_counter what, std::uint64_t value) {
  impl_->counter_values[static_cast<std::size_t>(what)] = value;
}

void prometheus_metrics::request_answered(std::string_view route, int status,
                                          double seconds) {
  if (route.empty())
    route = "none";
  const auto code = std::to_string(status);
  const std::array<std::string_view, 2> both{route, code};
  impl_->requests->find(both).Increment();
  impl_->request_times->find({both.data(), 1}).Observe(seconds);
}

void prometheus_metrics::before_text(std::function<void()> update) {
  const std::lock_guard lock{impl_->update_mutex};
  impl_->update = std::move(update);
}

std::string prometheus_metrics::text() {
  std::function<void()> update;
  {
    const std::lock_guard lock{impl_->update_mutex};
    update = impl_->update;
  }
  if (update)
    update();
  auto families = impl_->registry.Collect();
  std::erase_if(families, [](const auto& f) { return f.metric.empty(); });
  for (std::size_t i = 0; i < gauges.size(); ++i)
    families.push_back(single(gauges[i].name, gauges[i].help, MetricType::Gauge,
                              impl_->gauge_values[i]));
  for (std::size_t i = 0; i < counters.size(); ++i)
    families.push_back(
        single(counters[i].name, counters[i].help, MetricType::Counter,
               static_cast<double>(impl_->counter_values[i].load())));
  add_process(families);
  families.push_back(impl_->build);
  return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace brigade::app
