/// A run's events as Server-Sent Events.
///
/// Each frame has the event's sequence as its `id`, so that a client that was
/// cut off goes on with `Last-Event-ID` (or `?after=`). A client that reads
/// slowly is fed slowly, from the journal; one that takes nothing for the
/// server's write timeout is dropped.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace brigade::net::api {

struct event_stream_options {
  /// A comment is sent after so long without an event, so that no proxy takes
  /// the connection for dead.
  std::chrono::milliseconds heartbeat{15'000};
  /// How long a client is told to wait before it connects again.
  std::chrono::milliseconds retry{2'000};
  /// Of frames that the client has not taken; no more is read before it has.
  std::size_t waiting_bytes_max = 256 * 1024;
};

/// Streams the events above `after` until the terminal one, and then ends. On
/// the server's thread; the client was allowed to see the run. `kept` is held
/// as long as the stream is.
void stream_events(std::shared_ptr<io_thread> io, backend& from,
                   const core::run_id& run, std::uint64_t after,
                   std::shared_ptr<http_exchange> to,
                   const event_stream_options& options = {},
                   std::shared_ptr<const void> kept = nullptr);

} // namespace brigade::net::api
