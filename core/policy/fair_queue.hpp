/// Which run starts next when there are more than may run at once: a bounded
/// queue that is fair between clients. Pure; decides, starts nothing.
#pragma once

#include "brigade/core/run/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace brigade::core {

/// Of one client.
struct client_share {
  /// Runs at once.
  std::uint32_t running_max = 16;
  /// Runs that wait; one more is refused.
  std::uint32_t waiting_max = 64;
};

struct fair_queue_limits {
  /// Of all clients together.
  std::uint32_t running_max = 64;
  std::uint32_t waiting_max = 256;
};

/// A client that floods the queue waits for itself: the next run to start is
/// the oldest of the client that has the fewest running, and of those the one
/// that has not had its turn for longest.
class fair_queue {
public:
  enum class verdict : std::uint8_t {
    accepted,
    /// Everybody's runs together are too many.
    queue_full,
    /// This client's are.
    client_full,
  };

  explicit fair_queue(fair_queue_limits limits) : limits_(limits) {
    // nop
  }

  /// What `add` would say of one more run.
  verdict check(const std::string& client, const client_share& share) const;

  /// A run that waits from now on, beyond all limits: what came before a
  /// restart stays accepted. One that is not `ready` keeps its place and does
  /// not start before `make_ready`.
  void add(const std::string& client, const client_share& share, run_id run,
           bool ready = true);

  void make_ready(const run_id& run);

  /// The run that starts now; it counts as running. Nothing: none may.
  std::optional<run_id> next();

  /// A run has ended, stands still, or is not to start any more. Unknown runs
  /// are ignored.
  void remove(const run_id& run);

  /// It is ready, and others are before it.
  bool is_waiting(const run_id& run) const;

  /// Other limits hold from here on; what has been accepted stays.
  void set_limits(fair_queue_limits limits) { limits_ = limits; }

  std::size_t waiting() const { return waiting_; }
  std::size_t running() const { return running_; }

private:
  struct client_lane {
    client_share share;
    std::deque<run_id> waiting;
    std::uint32_t running = 0;
    /// The turn at which it last started a run.
    std::uint64_t last_turn = 0;
  };

  struct place {
    std::string client;
    bool running = false;
    bool ready = true;
  };

  /// The oldest run of a client that may start; its end: none.
  std::deque<run_id>::iterator first_ready(client_lane& lane);

  fair_queue_limits limits_;
  std::map<std::string, client_lane> lanes_;
  std::unordered_map<run_id, place> places_;
  std::size_t waiting_ = 0;
  std::size_t running_ = 0;
  std::uint64_t turn_ = 0;
};

} // namespace brigade::core
