/// What to do about a failed call of a provider. Pure.
#pragma once

#include "brigade/app/diagnose.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// Two lines about the last call that failed for good: who was asked and what
/// came back, and what to do.
std::vector<std::string> provider_lines(const core::run_state& state,
                                        const diagnose_context& context);

} // namespace brigade::app
