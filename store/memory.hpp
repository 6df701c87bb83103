/// The journal's in-memory back end: durable for the life of the process.
#pragma once

#include "brigade/core/run/journal.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace brigade::store {

struct memory_journal_options {
  /// Sees every event when it becomes durable; may be empty.
  core::event_listener listener;
  /// For tests: decides the fate of each append. `pending` delays its
  /// acknowledgement until `release`. Empty: always durable.
  std::function<core::append_status(const core::run_id&,
                                    const std::vector<core::event>&)>
      fault;
};

class memory_journal : public core::journal {
public:
  explicit memory_journal(memory_journal_options options = {});

  core::append_result append(const core::run_id& run,
                             std::vector<core::event> events) override;

  void when_durable(std::uint64_t ticket, durable_fn then) override;

  std::vector<core::event_ptr> read(const core::run_id& run,
                                    std::uint64_t after,
                                    std::size_t events_max) const override;

  void forget(const core::run_id& run) override;

  /// Ends all delayed appends, oldest first, with `status`. Returns how many.
  std::size_t
  release(core::append_status status = core::append_status::durable);

  /// As if the process had died: the oldest `kept` delayed appends became
  /// durable, those behind them are lost, and nobody is told.
  void crash(std::size_t kept);

  /// Delayed appends.
  std::size_t delayed() const;

  /// Runs whose log is held.
  std::size_t runs() const;

private:
  struct delayed_append {
    core::run_id run;
    std::vector<core::event> events;
    durable_fn then;
  };

  void store(const core::run_id& run, std::vector<core::event>&& events);

  memory_journal_options options_;
  mutable std::mutex mutex_;
  std::unordered_map<core::run_id, std::vector<core::event_ptr>> logs_;
  std::vector<std::pair<std::uint64_t, delayed_append>> delayed_;
  std::unordered_map<std::uint64_t, core::append_status> ended_;
  std::uint64_t last_ticket_ = 0;
};

} // namespace brigade::store
