/// The SYNTHESIZER: merges a run's results into one answer by a model call.
/// The deterministic merge needs no actor.
#pragma once

#include "brigade/actors/errand.hpp"
#include "brigade/actors/interfaces.hpp"

namespace brigade::actors {

/// Touched by the synthesizer's handlers only.
struct synthesizer_state {
  static inline const char* name = "brigade.synthesizer";
  errand work;
};

/// Does the errand, tells `orchestrator` its end and quits.
synthesizer_actor::behavior_type
synthesizer(synthesizer_actor::stateful_pointer<synthesizer_state> self,
            orchestrator_actor orchestrator, errand_order order);

} // namespace brigade::actors
