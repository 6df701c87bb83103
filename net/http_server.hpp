/// An HTTP/1.1 server: one thread, strict about what it takes, bounded in all
/// that it keeps. Knows nothing of runs.
#pragma once

#include "brigade/net/io_thread.hpp"
#include "brigade/net/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::net {

struct http_field {
  std::string name;
  std::string value;
};

/// A request that has passed the gate (`gate.hpp`).
struct http_request {
  std::string method;
  /// Path and query as they were sent; `*` of OPTIONS only.
  std::string target;
  /// Names in lower case; values without white space around them. `host`,
  /// `authorization`, `content-type` and `origin` stand in it at most once.
  std::vector<http_field> fields;
  /// Empty while admission is asked.
  std::string body;
  /// The client's address without its port.
  std::string peer;
  bool tls = false;
  /// HTTP/1.0 or 1.1.
  int version_minor = 1;

  /// The value of the first field of this lower-case name; empty when there is
  /// none.
  std::string_view field(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// The server adds `Date`, `Content-Length`, `Transfer-Encoding` and
/// `Connection` and ignores fields of these names. A field whose name is not a
/// token is left out, control characters in values are too: no value can add a
/// header or an answer.
struct http_response {
  /// 200 to 599; anything else is answered as 500.
  int status = 200;
  std::vector<http_field> fields;
  std::string body;
  /// Sent in place of `body` when set; many answers may share it.
  std::shared_ptr<const std::string> shared_body;
  /// Closes the connection after this answer.
  bool close = false;
};

/// One request and its answer. All functions may be called from any thread, at
/// any time, and never block; after the answer or the client's end they do
/// nothing. Dropping the last pointer answers for a handler that did not: with
/// 500, or by cutting the stream off.
class http_exchange {
public:
  virtual ~http_exchange() = default;

  /// Does not change and lives as long as the exchange.
  virtual const http_request& request() const = 0;

  /// The whole answer. Only the first `respond` or `start_stream` counts.
  virtual void respond(http_response response) = 0;

  /// Begins an answer whose body comes in pieces; the head's own body is
  /// ignored. Chunked, and for clients of HTTP/1.0 until the connection ends.
  virtual void start_stream(http_response head) = 0;

  /// One piece of the stream's body. When it would make the queue longer than
  /// `stream_queue_bytes_max` the connection is closed: pieces are smaller, and
  /// long texts wait for `on_drained`.
  virtual void write(std::shared_ptr<const std::string> chunk) = 0;

  /// Bytes of pieces that were written and not yet handed to the socket.
  virtual std::size_t queued_bytes() const = 0;

  /// Ends the stream in order.
  virtual void finish() = 0;

  /// `drained` is called on the server's thread each time that all pieces have
  /// been handed to the socket, and once soon when none waits now. Replaces the
  /// one before. Released when the exchange ends.
  virtual void on_drained(std::function<void()> drained) = 0;

  /// `gone` is called once, on the server's thread, when the client is gone
  /// before the answer was complete: it closed or reset its connection, took
  /// nothing for `write_timeout`, fell behind a stream's limit, or the server
  /// ended. On the caller's thread, at once, when it is gone already. Replaces
  /// the one before. Released when the exchange ends.
  virtual void on_gone(std::function<void()> gone) = 0;

  /// Closes the connection at once; counts as the client being gone.
  virtual void close() = 0;
};

/// How many bytes the body may have (more is answered with 413), or the answer
/// to a request whose body is not wanted. Such an answer closes the connection
/// when a body was announced.
using http_verdict = std::variant<std::size_t, http_response>;

/// Asked on the server's thread when a head has passed the gate, before its
/// body is read and before `100 Continue` is sent. Must not block.
using http_admission = std::function<http_verdict(const http_request& head)>;

/// Called on the server's thread with each whole request. Must not block; may
/// answer later and from elsewhere. One request of a connection at a time.
using http_handler = std::function<void(std::shared_ptr<http_exchange>)>;

/// One answer, for a log. Views, valid during the call that they are given to.
struct access_record {
  /// Empty when the request did not pass the gate.
  std::string_view method;
  /// The path without its query, cut to 256 bytes. Text of a client.
  std::string_view path;
  std::string_view peer;
  /// 0 when the connection ended before the answer had begun.
  int status = 0;
  /// Of the answer's body, handed to the socket.
  std::uint64_t body_bytes = 0;
  /// From the whole head to the answer's last byte.
  std::chrono::microseconds duration{0};
  /// The connection ended before the answer was complete.
  bool cut_off = false;
};

struct http_server_options {
  /// An IPv4 or IPv6 address, not a name.
  std::string address = "127.0.0.1";
  /// 0: any free one.
  std::uint16_t port = 0;
  /// PEM files; both or none. TLS 1.2 or later. An encrypted key is refused.
  std::string tls_certificate_file;
  std::string tls_key_file;

  /// Request line and fields, up to and with the empty line; at least 256.
  std::size_t header_bytes_max = 8192;
  std::size_t fields_max = 64;
  std::size_t target_bytes_max = 2048;
  /// When all are in use, the oldest connection that has not sent a whole head
  /// yet makes room, then the one that has been idle longest; when there is
  /// none, the new one is answered with 503 (and with TLS only closed).
  std::size_t connections_max = 1024;
  /// More of one address are answered with 429. 0: no limit.
  std::size_t connections_per_peer_max = 16;
  /// Whether the limit above holds for this machine's own addresses.
  bool limit_loopback_peers = false;
  /// 0: no limit.
  std::size_t requests_per_connection_max = 100;
  /// Of one stream; a client that falls further behind is dropped.
  std::size_t stream_queue_bytes_max = 1u << 20;

  /// From the connection, or a later request's first byte, to a whole head;
  /// TLS handshake included.
  std::chrono::milliseconds header_timeout{5'000};
  /// From the head to the whole body.
  std::chrono::milliseconds body_timeout{30'000};
  /// Between two requests.
  std::chrono::milliseconds idle_timeout{30'000};
  /// While bytes wait: without one that the client takes.
  std::chrono::milliseconds write_timeout{30'000};
  /// How long an early answer may take to reach a client that still sends.
  std::chrono::milliseconds linger_timeout{2'000};

  /// Called on the server's thread after each answer. Must not block.
  std::function<void(const access_record&)> on_access;
};

/// Since the start, but for `open`.
struct http_server_counters {
  std::uint64_t accepted = 0;
  /// Answered with 503 or 429 because of the limits of connections.
  std::uint64_t refused = 0;
  /// Closed to make room for others.
  std::uint64_t evicted = 0;
  /// Connections now.
  std::uint64_t open = 0;
  /// That passed the gate.
  std::uint64_t requests = 0;
  std::uint64_t rejected_by_gate = 0;
  /// Connections that reached a timeout in the middle of something.
  std::uint64_t timed_out = 0;
  /// Streams whose client fell behind.
  std::uint64_t streams_dropped = 0;
};

/// Thread-safe. All its work is done on the thread of `io`.
class http_server {
public:
  /// Listens, and serves from now on. An error says what to do about it.
  static result<std::unique_ptr<http_server>>
  start(std::shared_ptr<io_thread> io, http_server_options options,
        http_admission admission, http_handler handler);

  /// Closes all connections (`on_gone`) and returns when no callback runs any
  /// more, but for the one that it is called from.
  ~http_server();

  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// The one that it listens on.
  std::uint16_t port() const;

  /// Takes no new connections, closes idle ones, and each other one after the
  /// answer that it is owed. Streams go on.
  void stop_accepting();

  http_server_counters counters() const;

private:
  struct impl;

  explicit http_server(std::unique_ptr<impl> made);

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::net
