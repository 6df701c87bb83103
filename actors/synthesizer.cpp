#include "brigade/actors/synthesizer.hpp"

namespace brigade::actors {

synthesizer_actor::behavior_type
synthesizer(synthesizer_actor::stateful_pointer<synthesizer_state> self,
            orchestrator_actor orchestrator, errand_order order) {
  guard(self);
  const auto finish = [self, orchestrator](std::optional<errand_end> end) {
    if (!end)
      return;
    self->send(orchestrator, synthesis_ended{std::move(*end)});
    self->quit();
  };
  finish(begin(self, self->state.work, std::move(order)));
  return {
      [self, finish](bought& message) {
        finish(resume(self, self->state.work, message));
      },
      [self, finish](const ask_again& message) {
        finish(resume(self, self->state.work, message));
      },
  };
}

} // namespace brigade::actors
