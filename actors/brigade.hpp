/// The BRIGADE: top supervisor and entry point of the library.
///
///     caf::actor_system_config config;
///     brigade::actors::configure(config);
///     caf::actor_system system{config};
///     auto brigade = brigade::actors::spawn_brigade(system, options);
///
/// Send it `submit`; it answers with a `core::run_report`.
#pragma once

#include "brigade/actors/durable_queue.hpp"
#include "brigade/actors/gateway.hpp"
#include "brigade/actors/interfaces.hpp"
#include "brigade/actors/journal.hpp"
#include "brigade/actors/run_context.hpp"
#include "brigade/core/model/provider.hpp"
#include "brigade/core/money/ledger.hpp"
#include "brigade/core/policy/restart_intensity.hpp"
#include "brigade/core/run/journal.hpp"

#include <caf/fwd.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace brigade::actors {

/// A provider and how much may be with it at once.
struct provider_entry {
  std::shared_ptr<core::provider> provider;
  gateway_options limits;
};

struct brigade_options {
  /// By the name that models give in `model_spec::provider`.
  std::map<std::string, provider_entry> providers;
  /// Null: a fresh in-memory one, whose logs are dropped when a run's report
  /// is delivered.
  core::journal_ptr journal;
  /// Unix time in ms, for people. Empty: always 0.
  std::function<std::int64_t()> wall_ms;
  /// Seeds the jitter of waits.
  std::uint64_t seed = 0;
  /// Runs at the same time; further ones wait.
  std::uint32_t runs_max = 4096;
  /// Runs that wait; one more is refused.
  std::uint32_t queue_max = 4096;
  /// What all runs together may use up, now and later. A run gets its own
  /// ceiling as a slice of it: it waits until that is free, and is refused when
  /// it never will be.
  core::allowance ceiling = core::allowance::max();
};

/// A gateway that crashes more often within the window is not started again:
/// calls of its provider then fail with `not_sent`.
inline constexpr std::uint32_t gateway_restarts_max = 8;
inline constexpr std::int64_t gateway_restart_window_ms = 60'000;

/// A run whose orchestrator or till crashes is begun again from the journal;
/// one that crashes more often within the window ends `failed`.
inline constexpr std::uint32_t orchestrator_restarts_max = 3;
inline constexpr std::int64_t orchestrator_restart_window_ms = 60'000;

/// Touched by the brigade's handlers only.
struct brigade_state {
  static inline const char* name = "brigade";

  struct waiting_run {
    core::run_order order;
    caf::typed_response_promise<core::run_report> promise;
    /// Set for a nested run: the call that it is. It has no promise then.
    std::optional<send_try> nested;
    /// Set for a run that goes on; its order is then in `order`.
    std::optional<resume_run> resumed{};
  };

  struct live_run {
    run_context_ptr context;
    caf::typed_response_promise<core::run_report> promise;
    std::optional<send_try> nested;
    orchestrator_actor orchestrator;
    budget_actor till;
    /// What its till had charged when it closed, as far as it told.
    std::optional<core::allowance> spent;
    /// What its actors are begun again with.
    core::run_order order{};
    /// Names its slice of the process ledger.
    std::uint64_t slice = 0;
    /// What was spent before this process took it up.
    core::allowance spent_before{};
    core::restart_intensity restarts{orchestrator_restarts_max,
                                     orchestrator_restart_window_ms};
    /// The last one: each life of its orchestrator is told.
    std::optional<stop_run> pending_stop{};
    /// What it goes on with, until that is durable.
    std::optional<core::approval_decision> decision{};
  };

  struct kept_gateway {
    /// Null: it crashed too often.
    gateway_actor handle;
    core::restart_intensity restarts;
  };

  explicit brigade_state() : process(core::allowance::max()) {
    // nop
  }

  brigade_options options;
  bool forget_logs = false;
  std::shared_ptr<watched_journal> port;
  journal_actor watcher;
  durable_queue journal;
  std::map<std::string, kept_gateway> gateways;
  /// The ledger of which every run gets a slice.
  core::ledger process;
  std::uint64_t last_serial = 0;
  /// By serial: in order of their start.
  std::map<std::uint64_t, live_run> runs;
  std::unordered_map<core::run_id, std::uint64_t> serials;
  std::unordered_map<caf::actor_id, std::uint64_t> serial_of_orchestrator;
  /// The tills of runs whose orchestrator died.
  std::unordered_map<caf::actor_id, std::uint64_t> serial_of_till;
  /// In order, so that what is cancelled together is cancelled in order.
  std::map<core::try_id, std::uint64_t> serial_of_nested;
  std::deque<waiting_run> queue;
  /// The timekeeper: who is to be woken when.
  std::multimap<caf::actor_clock::time_point, std::uint64_t> wakes;
  std::optional<caf::actor_clock::time_point> armed;
  /// Set while everything ends.
  std::optional<caf::typed_response_promise<stopped>> stopping;

  /// The brigade's children end with it.
  ~brigade_state();
};

brigade_actor::behavior_type
brigade(brigade_actor::stateful_pointer<brigade_state> self,
        brigade_options options);

/// Spawns the tree. Send it `shutdown` to end it well. An exit message ends it
/// at once: runs in progress are then abandoned.
brigade_actor spawn_brigade(caf::actor_system& system, brigade_options options);

/// Adds what Brigade needs to a system's configuration. Chooses neither
/// scheduler nor threads.
void configure(caf::actor_system_config& config);

/// What `brigade` answers when it accepts no run: categories of `caf::error`
/// stay the embedder's choice, so these are `caf::sec` codes with a text.
caf::error refused_run(std::string message);

} // namespace brigade::actors
