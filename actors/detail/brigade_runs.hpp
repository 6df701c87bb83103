/// How the brigade starts and ends runs.
///
/// INTERNAL: included by the brigade's sources only.
#pragma once

#include "brigade/actors/brigade.hpp"

#include <caf/fwd.hpp>

#include <optional>
#include <string>

namespace brigade::actors::detail {

using self_ptr = brigade_actor::stateful_pointer<brigade_state>;

/// What is wrong with an order, or nothing.
std::optional<std::string> fault_of(const brigade_state& st,
                                    const core::run_order& order);

/// Starts what waits, in order of arrival, as far as there is room.
void start_waiting(self_ptr self);

/// Refuses a run that waits; false when none of this id does.
bool drop_waiting(self_ptr self, const core::run_id& run);

/// Starts a nested run at once: whoever waits for it holds a place already.
void start_nested(self_ptr self, send_try call);

/// Cancels a nested run. Unknown or ended ones are ignored.
void cancel_nested(self_ptr self, core::try_id id);

/// Cancels the runs nested in this one.
void cancel_all_nested(self_ptr self, std::uint64_t run);

/// A run has ended: answers whoever waits for it.
void end(self_ptr self, std::uint64_t serial, core::run_report report,
         std::optional<core::allowance> spent);

/// An orchestrator died before its run had ended: its till is closed, and the
/// run ends `failed`, once (rule L1).
void on_orchestrator_down(self_ptr self, const caf::down_msg& message);

/// The till of an orphaned run is gone.
void on_till_down(self_ptr self, const caf::down_msg& message);

/// Answers a shutdown and ends once no run is left.
void quit_when_stopped(self_ptr self);

} // namespace brigade::actors::detail
