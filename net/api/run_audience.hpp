/// Who waits for runs, and what becomes of a run that nobody waits for any
/// more.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/timer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

namespace brigade::net::api {

/// Of the server's thread. Must outlive the exchanges of those who wait.
class run_audience {
public:
  /// A run is cancelled `grace` after the last one who waited for it has gone.
  run_audience(std::shared_ptr<io_thread> io, backend& runs,
               std::chrono::milliseconds grace)
      : io_(std::move(io)), runs_(runs), grace_(grace) {
    // nop
  }

  void join(const std::string& client, const core::run_id& run);

  /// It has its answer: the run is left alone.
  void leave_answered(const core::run_id& run);

  /// It went away without one.
  void leave_gone(const core::run_id& run);

  /// From now on no run is cancelled: the server is about to end, and clients
  /// come back to runs that go on after it.
  void keep_runs();

  /// Runs that somebody waits for, or that wait for their end.
  std::size_t size() const { return seats_.size(); }

private:
  struct seats {
    std::string client;
    std::size_t taken = 0;
    /// Set while nobody is there.
    std::unique_ptr<timer> grace;
  };

  void cancel(const core::run_id& run);

  std::shared_ptr<io_thread> io_;
  backend& runs_;
  std::chrono::milliseconds grace_;
  std::unordered_map<core::run_id, seats> seats_;
  bool keeps_runs_ = false;
};

} // namespace brigade::net::api
