/// The event-driven schedule of a plan: which subtask may start now, and what
/// a failure does to the others. There are no layers: a subtask is ready as
/// soon as its own dependencies are terminal, whatever its siblings do.
///
/// A pure state machine: it knows no clock and starts nothing itself.
#pragma once

#include "brigade/core/plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace brigade::core {

/// The policy of an edge into `dependant`: the edge's own, else its worker's,
/// else the crew's.
using policy_resolver = std::function<failure_policy(const subtask& dependant,
                                                     const dependency& edge)>;

struct schedule_rules {
  /// Subtasks that run at the same time; at least 1.
  std::uint32_t parallel_max = 16;
  /// With `abort` any failed subtask ends the run, also one on which nothing
  /// depends.
  failure_policy crew_policy = failure_policy::skip;
  /// Null: the edge's own policy, else `crew_policy`.
  policy_resolver policy_of;
};

/// What follows from the end of a subtask.
struct schedule_effects {
  struct skip {
    /// Index of the subtask that is skipped.
    std::size_t task = 0;
    /// Its dependencies that have not succeeded and never will, as far as is
    /// known now; in the order of `depends_on`.
    std::vector<std::string> missing;

    friend bool operator==(const skip&, const skip&) = default;
  };

  /// In the order in which they follow from one another; already marked.
  std::vector<skip> skipped;
  /// The run must end without a synthesis.
  bool abort = false;

  friend bool operator==(const schedule_effects&,
                         const schedule_effects&) = default;
};

/// The end of a subtask as a journal knows it, for `schedule::restore`.
enum class task_end : std::uint8_t { none, succeeded, failed, skipped };

/// Subtasks are named by their index in `plan::tasks`. An event about a
/// subtask that cannot have it in its state (late, twice) is a no-op.
///
/// All calls together take O(V log V + E). One owner, not thread-safe.
class schedule {
public:
  /// `p` must have passed `check_plan`; it is not kept.
  schedule(const plan& p, schedule_rules rules);

  /// Takes up a run where its journal ends: `ends` holds the known end of
  /// each subtask. Subtasks that were running are not started. The effects
  /// are those that the journal does not hold yet. Call it before anything
  /// else, at most once.
  schedule_effects restore(const std::vector<task_end>& ends);

  /// Marks the subtasks that are to start now and returns them, in plan
  /// order; as many as there are free slots. Empty after an abort.
  std::vector<std::size_t> start_ready();

  /// A running subtask has its result.
  void succeeded(std::size_t task);

  /// A subtask that is not terminal has failed for good.
  schedule_effects failed(std::size_t task);

  /// A running subtask waits for its next attempt. It gives its slot back
  /// meanwhile, so that a backoff delays nobody else.
  void waits(std::size_t task);

  /// The wait is over: the subtask is ready again, and in plan order.
  void wakes(std::size_t task);

  /// Whether every subtask has succeeded, failed or been skipped.
  bool all_terminal() const { return open_tasks_ == 0; }

  bool aborted() const { return aborted_; }

  /// Subtasks that hold a slot.
  std::uint32_t running() const { return running_; }

private:
  enum class phase : std::uint8_t {
    blocked,
    ready,
    running,
    waiting,
    succeeded,
    failed,
    skipped,
  };

  struct edge {
    std::size_t task = 0;
    failure_policy policy = failure_policy::skip;
  };

  struct node {
    std::string id;
    phase now = phase::blocked;
    /// Dependencies that are not terminal yet.
    std::size_t open_dependencies = 0;
    std::vector<std::size_t> dependencies;
    std::vector<edge> dependants;
  };

  static bool is_terminal(phase p) { return p >= phase::succeeded; }

  void make_ready(std::size_t task);
  void end(std::size_t task, phase how);
  void spread(std::size_t task, schedule_effects& effects);
  std::vector<std::string> missing_of(const node& n) const;

  schedule_rules rules_;
  std::vector<node> nodes_;
  /// The least index first. May hold subtasks that are no longer ready.
  std::priority_queue<std::size_t, std::vector<std::size_t>,
                      std::greater<std::size_t>>
      ready_;
  std::size_t open_tasks_ = 0;
  std::uint32_t running_ = 0;
  bool aborted_ = false;
};

} // namespace brigade::core
