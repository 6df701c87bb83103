/// The WORKER: one attempt of one subtask.
#pragma once

#include "brigade/actors/errand.hpp"
#include "brigade/actors/interfaces.hpp"

namespace brigade::actors {

/// Touched by the worker's handlers only.
struct worker_state {
  static inline const char* name = "brigade.worker";
  errand work;
};

/// Does the errand, tells `orchestrator` its end and quits. `task` is the
/// subtask's index in the plan.
worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_state> self,
       orchestrator_actor orchestrator, std::size_t task, errand_order order);

} // namespace brigade::actors
