/// The runs that this process works on, and what it holds of their logs.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/core/run/run_source.hpp"
#include "brigade/core/run/run_summary.hpp"
#include "brigade/store/detail/log.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace brigade::store::detail {

struct live_run {
  explicit live_run(const core::run_id& id) : fold(id) {
    // nop
  }

  // -- touched by the writer's thread only ------------------------------------

  /// 0: not written yet.
  std::int64_t row = 0;
  core::run_source_ptr source;
  chain_hash chain{};
  core::summary_fold fold;
  known_texts texts;
  /// A write of it failed: what the file holds is not known any more.
  bool stale = false;

  // -- durable events ---------------------------------------------------------

  std::vector<core::event_ptr> events_after(std::uint64_t after,
                                            std::size_t events_max) const {
    std::lock_guard guard{mutex_};
    if (log_.size() <= after)
      return {};
    // Sequence numbers are dense from 1, so `after` is an index.
    const auto first = log_.begin() + static_cast<std::ptrdiff_t>(after);
    const auto count = std::min<std::size_t>(events_max, log_.size() - after);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }

  void add(const std::vector<core::event_ptr>& events) {
    std::lock_guard guard{mutex_};
    log_.insert(log_.end(), events.begin(), events.end());
  }

private:
  mutable std::mutex mutex_;
  std::vector<core::event_ptr> log_;
};

class live_runs {
public:
  std::shared_ptr<live_run> find(const core::run_id& id) const {
    std::lock_guard guard{mutex_};
    const auto i = runs_.find(id);
    return i != runs_.end() ? i->second : nullptr;
  }

  void add(const core::run_id& id, std::shared_ptr<live_run> run) {
    std::lock_guard guard{mutex_};
    runs_.insert_or_assign(id, std::move(run));
  }

  std::shared_ptr<live_run> drop(const core::run_id& id) {
    std::lock_guard guard{mutex_};
    auto dropped = runs_.extract(id);
    return dropped.empty() ? nullptr : std::move(dropped.mapped());
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<core::run_id, std::shared_ptr<live_run>> runs_;
};

} // namespace brigade::store::detail
