/// Runs an order against what was recorded of it: no network, no key, no
/// journal on disk.
#pragma once

#include "brigade/core/run/recorded_replies.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace brigade::app {

struct replay_end {
  /// Nothing: the run did not end; `failure` says why.
  std::optional<core::run_report> report;
  std::string failure;
  /// Requests for which nothing was recorded.
  std::size_t unknown_requests = 0;
};

/// Blocks until the run has ended. Starts an actor system for it, which ends
/// before this returns.
replay_end run_recorded(core::run_order order, core::reply_script script);

} // namespace brigade::app
