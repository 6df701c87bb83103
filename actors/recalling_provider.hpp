/// A provider that answers from what another run paid for, and asks the real
/// one for the rest: `brigade run --from`.
#pragma once

#include "brigade/core/model/provider.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace brigade::actors {

/// Replies by the SHA-256 of the request's body in hex.
using paid_replies = std::unordered_map<std::string, core::model_reply>;

/// A recalled reply is given at once, in the caller's thread, and costs
/// nothing: its outcome bills one call of zero. Requests are encoded by
/// `inner`, which must be the provider that the replies are of.
std::shared_ptr<core::provider>
make_recalling_provider(std::shared_ptr<core::provider> inner,
                        std::shared_ptr<const paid_replies> replies);

} // namespace brigade::actors
