/// What to do about a failed call of a provider. Pure.
#pragma once

#include "brigade/app/diagnose.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// A provider's message without the advice behind the last ` - `: the closing
/// lines have their own, which knows the crew.
std::string_view what_failed(std::string_view message);

/// Two lines about the last call that failed for good: who was asked and what
/// came back, and what to do.
std::vector<std::string> provider_lines(const core::run_state& state,
                                        const diagnose_context& context);

} // namespace brigade::app
