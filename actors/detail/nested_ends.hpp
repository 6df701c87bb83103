/// Nested runs that were going when the actors of the run above them ended.
///
/// INTERNAL: included by the brigade's sources only.
#pragma once

#include "brigade/actors/detail/brigade_runs.hpp"

#include <optional>

namespace brigade::actors::detail {

/// One of the two is set.
struct nested_end {
  /// How its call ended: a nested run tells by its own log what it cost.
  std::optional<core::event_body> event;
  /// It goes on: nothing is written.
  std::optional<core::run_order> goes_on;
};

/// `call` is an open call of the run of `above` that is a nested run; `state`
/// the fold of that run's events.
nested_end end_of_nested(self_ptr self, const core::run_order& above,
                         const core::run_state& state,
                         const core::call_state& call);

} // namespace brigade::actors::detail
