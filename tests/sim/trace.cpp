#include "trace.hpp"

namespace brigade::sim {

std::string trace_of_order(const core::run_order& order) {
  const auto& limits = order.crew->limits;
  const auto ceiling = core::ceiling_of(order);
  return "order   " + order.id.text + " crew " + order.crew->name + " ceiling $"
         + core::to_decimal(ceiling.cost) + " deadline "
         + std::to_string(limits.run_deadline_ms) + " ms attempt "
         + std::to_string(limits.attempt_timeout_ms) + " ms task "
         + std::to_string(limits.task_timeout_ms) + " ms attempts "
         + std::to_string(limits.attempts_max) + " tries "
         + std::to_string(limits.tries_max) + " repairs "
         + std::to_string(limits.repairs_max) + " parallel "
         + std::to_string(limits.parallel_max);
}

} // namespace brigade::sim
