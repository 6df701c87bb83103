/// How many restarts a supervisor allows within a window of time, as in
/// Erlang/OTP (`intensity` and `period`, "Supervisor Behaviour", OTP Design
/// Principles).
#pragma once

#include <cstdint>
#include <deque>

namespace brigade::core {

/// A sliding window. Not thread-safe.
class restart_intensity {
public:
  restart_intensity(std::uint32_t restarts_max, std::int64_t window_ms)
      : restarts_max_(restarts_max), window_ms_(window_ms) {
    // nop
  }

  /// Notes a restart at `now_ms` and returns true, unless there were
  /// `restarts_max` in the window that ends there. Times must not fall.
  bool allow(std::int64_t now_ms);

private:
  std::uint32_t restarts_max_;
  std::int64_t window_ms_;
  std::deque<std::int64_t> at_ms_;
};

} // namespace brigade::core
