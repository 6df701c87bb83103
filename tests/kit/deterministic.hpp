/// A whole actor system on one thread, under virtual time.
#pragma once

#include "brigade/actors/brigade.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brigade::testkit {

/// A submitted run whose end is awaited.
struct pending_run {
  /// Set when the run has ended or is suspended.
  std::optional<core::run_report> report;
  /// Why the order was refused; empty otherwise.
  std::string error_text;

  bool ended() const { return report || !error_text.empty(); }
};

/// Owns an actor system whose messages are delivered one by one, by the test.
/// With a seed, the next message is drawn from all actors that have one; the
/// same seed gives the same order. Not thread-safe.
class deterministic_system {
public:
  /// Without a seed messages are delivered in order of arrival.
  explicit deterministic_system(std::optional<std::uint64_t> seed = {});

  /// Ends what was spawned through `brigade`, delivers what is left, and
  /// counts the actors that are still alive in `leaked`.
  ~deterministic_system();

  deterministic_system(const deterministic_system&) = delete;
  deterministic_system& operator=(const deterministic_system&) = delete;

  caf::actor_system& system() { return *system_; }

  /// Spawns the tree under test.
  actors::brigade_actor brigade(actors::brigade_options options);

  /// Delivers one message, or starts one actor; false when there is neither.
  bool step();

  /// Delivers messages until there is none; no time passes.
  void settle();

  /// Lets virtual time pass and delivers what becomes due, in order.
  void advance(std::chrono::milliseconds time);

  /// Delivers messages and jumps to the next timer, until `done` holds,
  /// nothing is left, or `time_max` of virtual time has passed.
  void run_until(const std::function<bool()>& done,
                 std::chrono::milliseconds time_max
                 = std::chrono::minutes{60});

  /// Submits an order; nothing is delivered yet.
  std::shared_ptr<const pending_run> submit(const actors::brigade_actor& handle,
                                            core::run_order order);

  /// Submits an order and runs until its report is there. `report` is empty
  /// when the run was refused or did not end within `time_max`.
  pending_run run(const actors::brigade_actor& handle, core::run_order order,
                  std::chrono::milliseconds time_max
                  = std::chrono::minutes{60});

  /// Messages delivered so far, to any actor, the test's own included.
  std::uint64_t messages() const { return messages_; }

  /// Virtual time since the start.
  std::chrono::milliseconds elapsed() const;

  /// Actors alive now, hidden ones not counted.
  std::size_t running() const;

private:
  struct config : caf::actor_system_config {
    config();
  };

  std::uint64_t draw();

  config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  std::optional<std::uint64_t> seed_;
  std::uint64_t messages_ = 0;
  std::vector<actors::brigade_actor> spawned_;
  caf::actor_clock::time_point start_;
};

} // namespace brigade::testkit
