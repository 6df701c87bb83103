/// The BUDGET: serialises one run's till.
#pragma once

#include "brigade/actors/durable_queue.hpp"
#include "brigade/actors/interfaces.hpp"
#include "brigade/actors/run_context.hpp"
#include "brigade/core/money/till.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace brigade::actors {

/// Touched by the budget's handlers only.
struct budget_state {
  static inline const char* name = "brigade.budget";

  struct waiter {
    buyer_actor buyer;
    std::uint64_t nonce = 0;
  };

  run_context_ptr run;
  std::optional<core::till> till;
  durable_queue journal;
  std::uint64_t last_ticket = 0;
  std::unordered_map<core::ticket_id, waiter> waiters;
  /// The number of each buyer's latest question: one that comes twice is a
  /// no-op, also when the first one has been answered.
  std::unordered_map<caf::actor_id, std::uint64_t> latest;
  /// Where each try in flight is, for a cancel.
  std::unordered_map<core::call_id, sender_actor> sent_to;
  /// By model, where its gateway died: the one that took its place.
  std::map<std::string, gateway_actor, std::less<>> replaced;
  bool storage_ok = true;
  bool closing = false;
  /// The run will go on after this close.
  bool suspending = false;
  bool ended = false;
  till_owner_actor owner;
  breach_listener_actor listener;
};

/// `ceiling` is the run's, all of it. `past` holds the events of its earlier
/// lives; null: there were none.
budget_actor::behavior_type
budget(budget_actor::stateful_pointer<budget_state> self, run_context_ptr run,
       core::allowance ceiling, past_events past);

/// Cancelled tries have this long to end before they count as in doubt.
inline constexpr std::chrono::milliseconds close_grace_ms{5000};

} // namespace brigade::actors
