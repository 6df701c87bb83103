/// Applies the faults of a plan to a deterministic system.
///
///     fault_injector faults{virtual_system, seed};
///     faults.strike(*provider);
///     options.journal = faults.journal();
///     const auto handle = virtual_system.brigade(options);
///     faults.strike(handle, {order.id});
#pragma once

#include "brigade/store/memory.hpp"
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/fault_plan.hpp"
#include "brigade/testkit/scripted_provider.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace brigade::testkit {

/// The path of purchases that the injector makes up: a call under it was never
/// asked for by anybody alive.
inline constexpr std::string_view stale_path = "task/stale";

/// Text that tells a model to do what it must not.
extern const std::string_view injected_text;

/// Lives as long as what it strikes; not thread-safe.
class fault_injector {
public:
  /// Takes the system's hook `before_delivery`.
  fault_injector(deterministic_system& system, std::uint64_t seed,
                 fault_set allowed = all_faults());

  fault_injector(const fault_injector&) = delete;
  fault_injector& operator=(const fault_injector&) = delete;

  /// Wraps the provider's script, and crashes those who make requests to it.
  void strike(scripted_provider& provider);

  /// An in-memory journal that delays and fails.
  std::shared_ptr<store::memory_journal>
  journal(core::event_listener listener = {});

  /// Cancels and suspends these runs, and shuts the brigade down.
  void strike(actors::brigade_actor handle, std::vector<core::run_id> runs);

  /// Whether the process dies now. Ask between two deliveries; then make
  /// another system and `move_to` it.
  bool process_dies();

  /// How many of `count` delayed appends are durable all the same when the
  /// process dies, though nobody was told.
  std::size_t survivors(std::size_t count);

  /// Another process takes over: its journal can be written again, and what
  /// was to come late is lost. Call `strike` for its brigade.
  void move_to(deterministic_system& next);

  /// What the hook `before_delivery` does; for those who need the hook for
  /// themselves too.
  void before_delivery(const delivery& next);

  fault_plan& plan() { return plan_; }
  const fault_plan& plan() const { return plan_; }

private:
  core::append_status fate_of_append();
  void release();
  void crash_buyer(core::call_role role);
  void strike_actors(const delivery& next);
  void repeat_late(const delivery& next);
  void strike_message(const delivery& next);
  void strike_from_outside();

  deterministic_system* system_;
  fault_plan plan_;
  std::weak_ptr<store::memory_journal> journal_;
  bool journal_failed_ = false;
  /// Messages that will come again.
  std::vector<std::function<void()>> copies_;
  bool release_planned_ = false;
  actors::brigade_actor handle_;
  std::vector<core::run_id> runs_;
  /// Whether this seed has faults of that kind at all.
  bool strikes_actors_ = false;
  bool strikes_messages_ = false;
  bool strikes_from_outside_ = false;
};

/// The script with the faults of `plan`, which must outlive it.
script with_faults(script inner, fault_plan& plan);

} // namespace brigade::testkit
