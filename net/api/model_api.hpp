/// The runtime as a model: `/v1/models` and `/v1/chat/completions`, as OpenAI's
/// clients use them. Each crew is a model.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/route.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace brigade::net::api {

struct model_api_options {
  /// Progress is told as `reasoning_content`.
  bool reasoning = true;
  /// A client that goes away cancels its run, unless another one has come for
  /// it within the grace.
  bool cancel_on_disconnect = true;
  std::chrono::milliseconds disconnect_grace{10'000};
  /// How long an identical body of the same client attaches to the run that the
  /// first one began.
  std::int64_t reattach_ms = 900'000;
  /// A comment is sent after so long without a chunk.
  std::chrono::milliseconds heartbeat{10'000};
};

/// Answers requests whose routes are of the model API. Of the server's thread.
class model_api {
public:
  model_api(std::shared_ptr<io_thread> io, backend& runs,
            model_api_options options = {});

  void handle(const route& what, const std::string& client,
              std::shared_ptr<http_exchange> exchange);

private:
  std::shared_ptr<io_thread> io_;
  backend& runs_;
  model_api_options options_;
};

} // namespace brigade::net::api
