/// The provider of the built-in extractive model: each call is computed by a
/// short-lived actor of its own, so that calls use all cores and the gateway
/// never waits.
#pragma once

#include "brigade/core/model/provider.hpp"

#include <caf/fwd.hpp>

#include <memory>

namespace brigade::actors {

/// `system` must outlive the provider's last call.
std::shared_ptr<core::provider>
make_builtin_provider(caf::actor_system& system);

} // namespace brigade::actors
