/// An HTTP/1.1 client for one endpoint: posts JSON bodies over a pool of
/// kept-alive connections. Knows nothing of models.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/core/policy/secret.hpp"
#include "brigade/net/classify.hpp"
#include "brigade/net/endpoint.hpp"
#include "brigade/net/io_thread.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace brigade::net {

/// A complete answer. Views, valid during the call that they are given to.
struct http_reply {
  int status = 0;
  reply_headers headers;
  std::string_view body;
};

struct http_client_options {
  /// The provider's name, for messages.
  std::string name;
  endpoint target;
  /// The request's first line and headers up to and with `Content-Length: `.
  /// A secret, because it holds the key.
  core::secret request_head;
  /// Turns a complete answer into an outcome, on the io thread.
  std::function<core::outcome(const http_reply&)> decode;
  /// PEM file with the trusted CAs; empty: the system's. Read when the first
  /// https connection is opened, because that takes tens of milliseconds.
  std::string ca_file;

  /// Name resolution, connect and TLS handshake together; ends a call with
  /// `connect_timeout`.
  std::chrono::milliseconds connect_timeout{10'000};
  /// From the request's last byte to the first one of the answer's body; ends
  /// a call with `first_token_timeout`. 0: none.
  std::chrono::milliseconds first_byte_timeout{0};
  /// Without a byte in the middle of an answer's head or body; ends a call with
  /// `idle_timeout`. A head alone does not start it, because a server may send
  /// that and then think. 0: none.
  std::chrono::milliseconds read_idle_timeout{30'000};
  /// The most that `send` gives a call, connecting included. 0: what it is
  /// told.
  std::chrono::milliseconds call_timeout{0};
  /// A kept connection that has no call for longer is closed.
  std::chrono::milliseconds pooled_idle_timeout{30'000};
  /// How long resolved addresses are used again.
  std::chrono::milliseconds resolve_ttl{30'000};
  std::size_t reply_bytes_max = 8u << 20;
  std::uint32_t reply_header_bytes_max = 16u << 10;
  std::size_t idle_connections_max = 256;
  /// Calls in flight, each of which has a connection. A backstop: the limit
  /// that users set stands above this client.
  std::size_t connections_max = 4096;
};

/// Thread-safe. All its work is done on its io thread, `done` is called there.
/// Never retries and never follows a redirect.
class http_client {
public:
  using done_fn = std::function<void(core::outcome)>;

  http_client(std::shared_ptr<io_thread> io, http_client_options options);

  /// Ends all calls (`cancelled`, or `not_sent` when nothing had left) and
  /// waits until their `done` have returned.
  ~http_client();

  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Posts `body`. `done` is called exactly once, within `time_limit` (plus
  /// scheduling): a call that has no whole answer by then ends with
  /// `timed_out`, or with `connect_timeout` when nothing had left yet. `id`
  /// must not be in use by another call.
  void send(std::uint64_t id, core::shared_text body,
            std::chrono::milliseconds time_limit, done_fn done);

  /// Closes the call's connection at once. Unknown ids are ignored.
  void cancel(std::uint64_t id);

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::net
