/// Waiting for the end of a run.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace brigade::net::api {

/// Calls `then` once on the server's thread when an event above sequence
/// `after` says that the run has ended or stands still, or after `wait`; never
/// when the client has gone by then.
void await_end(const std::shared_ptr<io_thread>& io, backend& runs,
               const core::run_id& run, std::uint64_t after,
               std::chrono::milliseconds wait,
               const std::shared_ptr<http_exchange>& exchange,
               std::function<void()> then);

} // namespace brigade::net::api
