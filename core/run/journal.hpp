/// The journal port: the append-only event log of runs. `store` has the back
/// ends.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"
#include "brigade/core/run/run_source.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace brigade::core {

enum class append_status : std::uint8_t {
  /// The events are durable, as far as the back end promises.
  durable,
  /// They are handed over; `when_durable` tells the end.
  pending,
  /// Nobody knows whether they are stored: what was decided by them must not be
  /// done, and the run stands still until it is read again.
  failed,
};

/// What `append` answers.
struct append_result {
  append_status status = append_status::failed;
  /// Names a pending append.
  std::uint64_t ticket = 0;
};

/// Implementations are thread-safe and never block on I/O in `append`. All
/// events of one append become durable together or not at all, and appends to
/// one run keep their order.
class journal {
public:
  /// `durable` or `failed`; called once, from any thread.
  using durable_fn = std::function<void(append_status)>;

  virtual ~journal() = default;

  /// Says what a new run is made from, before its first append; durable with
  /// that. Never blocks. A back end that keeps no history ignores it.
  virtual void begin(const run_id& run, run_source_ptr source);

  /// Appends events to a run's log and assigns their sequence numbers. An
  /// append of nothing ends when everything before it has.
  virtual append_result append(const run_id& run,
                               std::vector<event> events) = 0;

  /// Calls `then` once the pending append `ticket` has ended; at once when it
  /// already has.
  virtual void when_durable(std::uint64_t ticket, durable_fn then) = 0;

  /// The durable events of a run with a sequence above `after`, oldest first,
  /// at most `events_max`.
  virtual std::vector<event_ptr> read(const run_id& run, std::uint64_t after,
                                      std::size_t events_max) const = 0;

  /// False only when there is certainly no durable event of this run: not when
  /// it cannot be read.
  virtual bool may_hold(const run_id& run) const;

  /// Drops a run's log. Only for back ends that keep no history.
  virtual void forget(const run_id& run) = 0;

  /// This process has no more to do with a run: what is held of its log in
  /// memory may go, and another process may continue it.
  virtual void release(const run_id& run);
};

inline void journal::begin(const run_id&, run_source_ptr) {
  // Nothing to keep.
}

inline bool journal::may_hold(const run_id& run) const {
  return !read(run, 0, 1).empty();
}

inline void journal::release(const run_id&) {
  // Nothing is held.
}

using journal_ptr = std::shared_ptr<journal>;

/// Sees each event once it is durable, in sequence within a run. Called by the
/// journal under its lock: it must be quick and must not call the journal.
using event_listener = std::function<void(const run_id&, const event_ptr&)>;

} // namespace brigade::core
