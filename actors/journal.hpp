/// The JOURNAL: tells subscribers what became durable. Writers use the port
/// `core::journal` directly, so that the in-memory back end costs no message.
#pragma once

#include "brigade/actors/interfaces.hpp"
#include "brigade/core/run/journal.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace brigade::actors {

/// Wraps a back end and tells the journal actor when a log has grown. Costs
/// nothing while nobody is subscribed. Thread-safe. Owned by a `shared_ptr`.
class watched_journal : public core::journal,
                        public std::enable_shared_from_this<watched_journal> {
public:
  explicit watched_journal(core::journal_ptr inner) : inner_(std::move(inner)) {
    // nop
  }

  core::append_result append(const core::run_id& run,
                             std::vector<core::event> events) override;
  void when_durable(std::uint64_t ticket, durable_fn then) override;
  std::vector<core::event_ptr> read(const core::run_id& run,
                                    std::uint64_t after,
                                    std::size_t events_max) const override;
  void begin(const core::run_id& run, core::run_source_ptr source) override;
  bool may_hold(const core::run_id& run) const override;
  void forget(const core::run_id& run) override;
  void release(const core::run_id& run) override;

  /// Called once, before the first append.
  void watch_with(journal_actor watcher) { watcher_ = std::move(watcher); }

  /// Set by the journal actor: how many subscriptions there are.
  std::atomic<std::uint32_t> subscriptions{0};

private:
  void grew(const core::run_id& run) const;

  core::journal_ptr inner_;
  std::mutex mutex_;
  /// Whose appends are under way, by ticket, until somebody waits for them.
  std::unordered_map<std::uint64_t, core::run_id> under_way_;
  journal_actor watcher_;
};

/// Touched by the journal's handlers only.
struct journal_state {
  static inline const char* name = "brigade.journal";

  struct subscription {
    subscriber_actor subscriber;
    std::uint64_t after = 0;
  };

  std::shared_ptr<watched_journal> port;
  std::unordered_map<core::run_id, std::vector<subscription>> subscribers;
};

journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self,
        std::shared_ptr<watched_journal> port);

} // namespace brigade::actors
