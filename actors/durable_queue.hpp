/// Appends events and goes on once they are durable, in order.
#pragma once

#include "brigade/actors/run_context.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace brigade::actors {

/// Owned by one actor's state. With a back end that answers at once,
/// continuations run inside `append`; else when `journal_ended` arrives.
class durable_queue {
public:
  /// `Self` handles `journal_ended` by calling `ended`.
  template <class Self, class Then>
  void append(Self* self, const run_context& run,
              std::vector<core::event> events, Then then) {
    if (events.empty() && waiting_.empty()) {
      then(core::append_status::durable);
      return;
    }
    core::append_result result{core::append_status::durable, 0};
    if (!events.empty())
      result = run.journal->append(run.run, std::move(events));
    wait_for(self, run, result, std::move(then));
  }

  /// Goes on once everything of the run is durable that anybody has appended
  /// so far.
  template <class Self, class Then>
  void barrier(Self* self, const run_context& run, Then then) {
    wait_for(self, run, run.journal->append(run.run, {}), std::move(then));
  }

  /// Runs the continuations whose turn has come.
  void ended(const journal_ended& message) {
    for (auto& entry : waiting_)
      if (entry.place == message.place)
        entry.status = message.status;
    while (!waiting_.empty() && waiting_.front().status) {
      auto entry = std::move(waiting_.front());
      waiting_.pop_front();
      entry.then(*entry.status);
    }
  }

  /// Nothing waits to become durable.
  bool idle() const { return waiting_.empty(); }

private:
  struct waiting {
    std::uint64_t place = 0;
    std::optional<core::append_status> status;
    std::function<void(core::append_status)> then;
  };

  template <class Self, class Then>
  void wait_for(Self* self, const run_context& run,
                const core::append_result& result, Then then) {
    if (result.status != core::append_status::pending && waiting_.empty()) {
      then(result.status);
      return;
    }
    const auto place = ++last_place_;
    waiting_.push_back({place, std::nullopt, std::move(then)});
    if (result.status != core::append_status::pending) {
      waiting_.back().status = result.status;
      return;
    }
    using handle = typename Self::actor_hdl;
    run.journal->when_durable(
        result.ticket, [hdl = handle{self}, place](core::append_status status) {
          caf::anon_send(hdl, journal_ended{place, status});
        });
  }

  std::deque<waiting> waiting_;
  std::uint64_t last_place_ = 0;
};

} // namespace brigade::actors
