#include "brigade/core/run/metrics_fold.hpp"

namespace brigade::core {

namespace {

/// For what is only recalled.
struct no_sink : metric_sink {
  void add(metric, std::span<const std::string_view>, double) override {
    // nop
  }

  void observe(metric, std::span<const std::string_view>, double) override {
    // nop
  }
};

} // namespace

metrics_fold::metrics_fold(metric_sink& sink) : sink_(sink) {
  // nop
}

void metrics_fold::apply(const run_id& run, const event& e) {
  auto& kept = runs_[run];
  if (kept.recalled) {
    // No gauge counts what the past had in flight.
    no_sink nothing;
    kept.metrics.stand_still(nothing);
    kept.recalled = false;
  }
  const bool stood_still = kept.metrics.suspended();
  kept.metrics.apply(e, sink_);
  if (kept.metrics.ended())
    runs_.erase(run);
  else if (kept.metrics.suspended() && !stood_still)
    keep_suspended(run);
}

void metrics_fold::recall(const run_id& run, const event& e) {
  auto& kept = runs_[run];
  kept.recalled = true;
  no_sink nothing;
  kept.metrics.apply(e, nothing);
  if (kept.metrics.ended())
    runs_.erase(run);
}

void metrics_fold::forget(const run_id& run) {
  const auto found = runs_.find(run);
  if (found == runs_.end())
    return;
  if (!found->second.recalled)
    found->second.metrics.stand_still(sink_);
  runs_.erase(found);
}

void metrics_fold::keep_suspended(const run_id& run) {
  std::erase(suspended_, run);
  suspended_.push_back(run);
  while (suspended_.size() > suspended_metrics_max) {
    const auto found = runs_.find(suspended_.front());
    if (found != runs_.end() && found->second.metrics.suspended())
      runs_.erase(found);
    suspended_.pop_front();
  }
}

} // namespace brigade::core
