#include "brigade/core/run/approval.hpp"

#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/weighed_plan.hpp"

#include <limits>
#include <utility>

namespace brigade::core {

bool asks_approval(const run_order& order) {
  return order.nesting == 0 && !order.plan_only
         && (order.approve_plan || order.crew->approval == approval_kind::plan);
}

std::vector<plan_fault> check_edited_plan(const run_order& order,
                                          const run_state& past,
                                          std::string_view text) {
  return weigh_plan(order, spent_on_plan(past), text).faults;
}

std::optional<std::int64_t> approval_expires_wall_ms(const run_state& state) {
  if (!state.awaits_approval())
    return std::nullopt;
  constexpr auto never = std::numeric_limits<std::int64_t>::max();
  std::int64_t at = 0;
  if (__builtin_add_overflow(state.approval_wall_ms,
                             state.approval_asked->timeout_ms, &at))
    return never;
  return at;
}

} // namespace brigade::core
