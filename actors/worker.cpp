#include "brigade/actors/worker.hpp"

namespace brigade::actors {

worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_state> self,
       orchestrator_actor orchestrator, std::size_t task, errand_order order) {
  guard(self);
  const auto finish = [self, orchestrator, task,
                       attempt = order.attempt](std::optional<errand_end> end) {
    if (!end)
      return;
    self->send(orchestrator, task_ended{task, attempt, std::move(*end)});
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
