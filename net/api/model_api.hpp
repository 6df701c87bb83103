/// The runtime as a model: `/v1/models` and `/v1/chat/completions`, as OpenAI's
/// clients use them.
///
/// Each crew is a model. A crew with a passthrough model is a second one,
/// `NAME-direct`, which answers with a single call and no run: for the titles
/// and tags that chat programs ask for. Such side requests to the crew itself
/// are recognised and answered so too.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/chat_body.hpp"
#include "brigade/net/api/route.hpp"
#include "brigade/net/api/run_audience.hpp"
#include "brigade/net/http_server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace brigade::net::api {

/// What the name of a crew's passthrough model ends in. A crew of that very
/// name goes first.
inline constexpr std::string_view direct_suffix = "-direct";

struct model_api_options {
  /// Progress is told as `reasoning_content`.
  bool reasoning = true;
  /// A client that goes away cancels its run, unless another one has come for
  /// it within the grace.
  bool cancel_on_disconnect = true;
  std::chrono::milliseconds disconnect_grace{10'000};
  /// How long an identical body of the same client attaches to the run that the
  /// first one began. A run that ended without an answer is not attached to.
  std::int64_t reattach_ms = 900'000;
  /// A comment is sent after so long without a chunk.
  std::chrono::milliseconds heartbeat{10'000};
  /// Of a stream that its client has not taken; no more is read before it has.
  /// Below the server's own limit.
  std::size_t waiting_bytes_max = 256 * 1024;
};

/// Answers requests whose routes are of the model API. Of the server's thread;
/// must outlive the server.
class model_api {
public:
  model_api(std::shared_ptr<io_thread> io, backend& runs,
            model_api_options options = {});

  void handle(const route& what, const std::string& client,
              std::shared_ptr<http_exchange> exchange);

  /// Clients that go away cancel nothing from now on: for a server that is
  /// about to end.
  void keep_runs() { audience_.keep_runs(); }

private:
  using exchange_ptr = std::shared_ptr<http_exchange>;

  void list(const route& what, const std::string& client,
            const exchange_ptr& exchange);
  void chat(const std::string& client, const exchange_ptr& exchange);
  void begin_run(const std::string& client, const chat_request& request,
                 const std::string& crew, const exchange_ptr& exchange);
  void call(const std::string& client, const chat_request& request,
            const crew_card& crew, const exchange_ptr& exchange);

  std::shared_ptr<io_thread> io_;
  backend& runs_;
  model_api_options options_;
  run_audience audience_;
};

} // namespace brigade::net::api
