/// What a finished run paid for, for `brigade run --from`.
#pragma once

#include "brigade/core/model/model.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <variant>

namespace brigade::app {

/// Replies by the SHA-256 of what was asked.
using recalled_replies = std::unordered_map<std::string, core::model_reply>;

/// The replies of run `name` in the state directory `state` (as given with
/// `--state`) and of the runs nested in it, or the exit code when there are
/// none; the reason is told then. The run must have ended.
std::variant<std::shared_ptr<const recalled_replies>, int>
load_recalled(const std::string& state, const std::string& name);

} // namespace brigade::app
