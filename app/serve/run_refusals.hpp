/// What clients are told when nothing can be done about a run. Pure.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/refusal.hpp"

#include <string>

namespace brigade::app::serve {

net::api::refusal not_found();

/// Something is being written down about it, which takes no longer than the
/// journal's next write.
net::api::refusal just_decided(const core::run_id& run);

net::api::refusal conflict(std::string code, std::string detail,
                           const core::run_id& run);

/// Of a run that is not worked on here.
net::api::refusal out_of_reach(const net::api::run_view& view);

} // namespace brigade::app::serve
