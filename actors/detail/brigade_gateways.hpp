/// How the brigade keeps a gateway for each provider.
///
/// INTERNAL: included by the brigade's sources only.
#pragma once

#include "brigade/actors/brigade.hpp"

#include <caf/fwd.hpp>

namespace brigade::actors::detail {

/// Spawns a gateway for each provider.
void open_gateways(brigade_actor::stateful_pointer<brigade_state> self);

/// A gateway died: another one takes its place, unless that happened too often
/// of late, and the runs are told that what it held is in doubt.
void on_gateway_down(brigade_actor::stateful_pointer<brigade_state> self,
                     const caf::down_msg& message);

} // namespace brigade::actors::detail
