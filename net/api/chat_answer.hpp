/// Answers a chat from the events of its run.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/chat_body.hpp"
#include "brigade/net/api/chat_json.hpp"
#include "brigade/net/api/run_audience.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace brigade::net::api {

struct chat_answer_options {
  bool stream = false;
  bool include_usage = false;
  /// Progress is told in the stream.
  bool reasoning = true;
  /// A client that goes away leaves its run to `run_audience`.
  bool cancel_on_disconnect = true;
  std::chrono::milliseconds heartbeat{10'000};
  /// Of a stream that the client has not taken; no more is read before it has.
  std::size_t waiting_bytes_max = 256 * 1024;
};

/// Follows the run to its end and answers with what it says. On the server's
/// thread; `view` is how the run stood when its client came.
void answer_chat(std::shared_ptr<io_thread> io, backend& from,
                 run_audience& audience, const std::string& client,
                 const run_view& view, std::string model,
                 std::shared_ptr<http_exchange> to,
                 const chat_answer_options& options);

} // namespace brigade::net::api
