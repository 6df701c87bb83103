#include "brigade/actors/detail/nested_ends.hpp"

#include "brigade/core/run/nested.hpp"

#include <limits>
#include <utility>

namespace brigade::actors::detail {

nested_end end_of_nested(self_ptr self, const core::run_order& above,
                         const core::run_state& state,
                         const core::call_state& call) {
  auto& st = self->state;
  const core::run_id id{call.nested_run};
  const core::allowance slice{call.reserved, call.reserved_tokens,
                              call.reserved_calls, call.reserved_tasks};
  core::run_report report;
  report.id = id;
  const auto log =
      st.port->read(id, 0, std::numeric_limits<std::size_t>::max());
  for (const auto& e : log)
    report.state.apply(*e);
  const auto in_doubt = [&call, &id] {
    return core::events::call_in_doubt{call.id,
                                       call.worst_case,
                                       "the nested run " + id.text
                                           + " cannot go on",
                                       call.reserved_tokens,
                                       call.reserved_calls,
                                       call.reserved_tasks};
  };
  // One that is still ending here, or whose log cannot be read, may have spent
  // anything.
  if (st.serials.contains(id) || (log.empty() && st.port->may_hold(id)))
    return {in_doubt(), std::nullopt};
  if (log.empty()) {
    core::events::call_settled settled;
    settled.id = call.id;
    settled.code = core::outcome_code::not_sent;
    settled.rule = core::money_rule::release;
    settled.message = "the nested run had not begun";
    settled.charged_calls = 0;
    return {std::move(settled), std::nullopt};
  }
  if (report.state.phase == core::run_phase::finished) {
    const auto used = at_most_spent(report.state, slice);
    return {settled_by(call, outcome_of(report, used), used), std::nullopt};
  }
  auto order = core::nested_order_again(above, state, call);
  if (!order)
    return {in_doubt(), std::nullopt};
  // Its deadline is the one it had: time suspended does not count.
  order->deadline_ms = report.state.deadline_ms;
  return {std::nullopt, std::move(order)};
}

} // namespace brigade::actors::detail
