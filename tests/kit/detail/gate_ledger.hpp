/// The counters of a gate, shared by its thread and those that look at them.
#pragma once

#include "brigade/testkit/tcp_gate.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace brigade::testkit::detail {

/// Thread-safe.
class gate_ledger {
public:
  void add(std::uint64_t gate_counters::*counter, std::uint64_t count = 1) {
    {
      std::lock_guard guard{mutex_};
      counters_.*counter += count;
    }
    changed_.notify_all();
  }

  void connection_ended() {
    {
      std::lock_guard guard{mutex_};
      --counters_.open;
    }
    changed_.notify_all();
  }

  gate_counters counters() const {
    std::lock_guard guard{mutex_};
    return counters_;
  }

  bool wait_until(const std::function<bool(const gate_counters&)>& is_wanted,
                  std::chrono::milliseconds time_limit) const {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, time_limit,
                             [&] { return is_wanted(counters_); });
  }

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  gate_counters counters_;
};

} // namespace brigade::testkit::detail
