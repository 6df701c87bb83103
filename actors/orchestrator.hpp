/// The ORCHESTRATOR: runs one run's machine.
#pragma once

#include "brigade/actors/durable_queue.hpp"
#include "brigade/actors/interfaces.hpp"
#include "brigade/actors/run_context.hpp"
#include "brigade/core/model/call_machine.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace brigade::actors {

/// Touched by the orchestrator's handlers only.
struct orchestrator_state {
  static inline const char* name = "brigade.orchestrator";

  struct live_worker {
    worker_actor handle;
    std::uint32_t attempt = 1;
  };

  /// The planner's call in progress.
  struct planner_call {
    core::call_machine machine;
    core::model_request request;
    core::call_key key;
  };

  run_context_ptr run;
  brigade_actor parent;
  budget_actor till;
  bool till_alive = true;
  /// What the till had charged when it closed.
  std::optional<core::allowance> spent;
  std::optional<core::run_machine> machine;
  durable_queue journal;
  std::optional<planner_call> planner;
  std::uint64_t nonce = 0;
  /// The newest worker of each subtask that has one.
  std::map<std::size_t, live_worker> workers;
  /// The subtask of each worker that is alive.
  std::unordered_map<caf::actor_id, std::size_t> worker_ids;
  synthesizer_actor synth;
  std::function<double()> jitter;
  /// The earliest wake that was asked for and has not come.
  std::optional<caf::actor_clock::time_point> armed;
  bool storage_ok = true;

  /// Children end with their orchestrator, however it ends: workers at once,
  /// the till after it settled what is in flight.
  ~orchestrator_state();
};

/// Works on `order`, tells `parent` the report and quits. `past` is the fold of
/// its earlier lives; null: there were none. `decision`: as in `resume_run`.
orchestrator_actor::behavior_type
orchestrator(orchestrator_actor::stateful_pointer<orchestrator_state> self,
             run_context_ptr run, core::run_order order, brigade_actor parent,
             budget_actor till, std::shared_ptr<const core::run_state> past,
             std::optional<core::approval_decision> decision);

/// The fold of a run's durable events.
core::run_state state_of(const run_context& run);

/// The report of a run: the fold of its log. One that has no end stands still.
core::run_report report_of(const run_context& run);

} // namespace brigade::actors
