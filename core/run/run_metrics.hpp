/// The metrics of one run: what a fold over its events keeps until it ends.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/metrics.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// Keeps the times of subtasks and the calls in flight, and no text.
class run_metrics {
public:
  /// One event; those that came before are ignored.
  void apply(const event& e, metric_sink& sink);

  /// Nothing is in flight or at work any more.
  void stand_still(metric_sink& sink);

  /// Its terminal event was there.
  bool ended() const { return ended_; }

  bool suspended() const { return suspended_; }

private:
  struct folder;

  struct task_times {
    task_status status = task_status::not_started;
    std::uint32_t attempts = 0;
    std::optional<std::int64_t> started_ms;
    std::optional<std::int64_t> finished_ms;
  };

  struct open_call {
    call_key key;
    call_role role = call_role::worker;
    std::string model;
    std::int64_t intended_ms = 0;
    /// A nested run, whose own events tell of it.
    bool nested = false;
    /// The gauge counts it.
    bool in_flight = false;
  };

  std::uint64_t last_seq_ = 0;
  std::string crew_ = "unknown";
  bool nested_ = false;
  /// Its beginning was seen, so that its times are known.
  bool whole_ = false;
  bool suspended_ = false;
  bool ended_ = false;
  std::shared_ptr<const core::plan> plan_;
  std::map<std::string, task_times, std::less<>> tasks_;
  std::map<call_id, open_call> calls_;
  /// Outcomes of calls that failed and were not tried again yet.
  std::map<call_key, std::string_view> failures_;
  pico_usd spent_;
  std::string synthesizer_;
  std::optional<std::int64_t> plan_accepted_ms_;
  std::optional<std::int64_t> synthesis_started_ms_;
};

} // namespace brigade::core
