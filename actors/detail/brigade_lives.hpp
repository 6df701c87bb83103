/// The lives of a run: its actors are spawned, and spawned again from the
/// journal when they crashed, or when the run goes on after it stood still.
///
/// INTERNAL: included by the brigade's sources only.
#pragma once

#include "brigade/actors/brigade.hpp"
#include "brigade/actors/detail/brigade_runs.hpp"

#include <caf/fwd.hpp>

namespace brigade::actors::detail {

/// Begins a run, or goes on with it.
void start(self_ptr self, brigade_state::waiting_run next);

/// What a journal keeps of a nested run; null: the run above keeps nothing.
core::run_source_ptr source_of_nested(self_ptr self, const send_try& call,
                                      const core::run_order& order);

/// An orchestrator died before its run had ended: its till is closed, and the
/// run is begun again from the journal, or ends `failed`, once (rule L1).
void on_orchestrator_down(self_ptr self, const caf::down_msg& message);

/// The till of an orphaned run is gone.
void on_till_down(self_ptr self, const caf::down_msg& message);

} // namespace brigade::actors::detail
