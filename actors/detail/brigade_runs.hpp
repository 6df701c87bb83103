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

/// What is wrong with an order, or nothing. `resumed`: how it is to go on;
/// null: it is a new one.
std::optional<std::string> fault_of(const brigade_state& st,
                                    const core::run_order& order,
                                    const resume_run* resumed);

/// Starts what waits, in order of arrival, as far as there is room.
void start_waiting(self_ptr self);

/// Starts a run that only ends: it waits for no room.
void end_only(self_ptr self, brigade_state::waiting_run next);

/// Refuses a run that waits; false when none of this id does.
bool drop_waiting(self_ptr self, const core::run_id& run);

/// Starts a nested run at once: whoever waits for it holds a place already.
void start_nested(self_ptr self, send_try call);

/// Cancels a nested run, or suspends it. Unknown or ended ones are ignored.
void cancel_nested(self_ptr self, core::try_id id, bool suspend);

/// Stops a run now, or as soon as it has an orchestrator.
void stop(self_ptr self, brigade_state::live_run& run, stop_run message);

/// Cancels the runs nested in this one.
void cancel_all_nested(self_ptr self, std::uint64_t run);

/// A run has ended: answers whoever waits for it.
void end(self_ptr self, std::uint64_t serial, core::run_report report,
         std::optional<core::allowance> spent);

/// What a run used up, where its till could not tell any more: nothing less
/// than it can have been.
core::allowance at_most_spent(const core::run_state& state,
                              const core::allowance& slice);

/// The end of a nested run, as the outcome of the call that it is.
core::outcome outcome_of(const core::run_report& report,
                         const core::allowance& spent);

/// How the call ended that a nested run was: as its own log tells.
core::events::call_settled settled_by(const core::call_state& call,
                                      const core::outcome& result,
                                      const core::allowance& charged);

/// Answers a shutdown and ends once no run is left.
void quit_when_stopped(self_ptr self);

} // namespace brigade::actors::detail
