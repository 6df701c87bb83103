/// A timer of an io thread.
#pragma once

#include "brigade/net/io_thread.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace brigade::net {

/// Of the io thread: made, used and dropped there, or before its first use.
class timer {
public:
  explicit timer(std::shared_ptr<io_thread> io);

  /// Stops it.
  ~timer();

  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;

  /// Calls `due` once on the io thread; what was started before is stopped.
  /// `due` may start it again or drop it.
  void start(std::chrono::milliseconds after, std::function<void()> due);

  void stop();

private:
  struct state;

  std::shared_ptr<state> state_;
};

/// Calls `what` soon on the io thread. Thread-safe.
void post_to(io_thread& io, std::function<void()> what);

} // namespace brigade::net
