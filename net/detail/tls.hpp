/// TLS over a socket that never waits. OpenSSL stays behind this header.
#pragma once

#include "brigade/net/detail/io_step.hpp"
#include "brigade/net/endpoint.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace brigade::net::detail {

/// What all sessions with one endpoint share: trusted CAs, versions, options.
/// TLS 1.2 or later; the peer and its name are always verified, and no
/// setting turns that off.
class tls_context {
public:
  tls_context();
  ~tls_context();

  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  /// Loads the CAs: a PEM file, or the system's when `ca_file` is empty.
  /// False when there are none to load.
  bool load(const std::string& ca_file);

private:
  friend class tls_session;
  struct impl;

  std::unique_ptr<impl> impl_;
};

/// What all sessions of one server share: certificate and key. TLS 1.2 or
/// later.
class tls_server_context {
public:
  tls_server_context();
  ~tls_server_context();

  tls_server_context(const tls_server_context&) = delete;
  tls_server_context& operator=(const tls_server_context&) = delete;

  /// Loads PEM files, the certificate with its chain. Empty when that went
  /// well, else what is wrong.
  std::string load(const std::string& certificate_file,
                   const std::string& key_file);

private:
  friend class tls_session;
  struct impl;

  std::unique_ptr<impl> impl_;
};

/// What one TLS record can hold.
inline constexpr std::size_t tls_write_bytes_max = 16u << 10;

/// One connection. Does not own the socket.
class tls_session {
public:
  /// The client's side of a connection. `fd` must stay open until the session
  /// is destroyed or no longer used.
  tls_session(tls_context& context, int fd, const endpoint& target);

  /// The server's side.
  tls_session(tls_server_context& context, int fd);
  ~tls_session();

  tls_session(const tls_session&) = delete;
  tls_session& operator=(const tls_session&) = delete;

  io_step handshake();

  /// After `want_*` the next call must begin with the same bytes.
  io_step write(std::string_view bytes);

  io_step read(std::span<char> buffer);

  /// Tells the peer that nothing follows, if that needs no waiting.
  void end_writing();

  /// Whether an idle connection is open and has nothing to read.
  bool is_quiet();

  /// After a broken handshake: whether the socket broke and not TLS.
  bool socket_broke() const;

  /// After a broken handshake: what is wrong with the peer.
  std::string error_text() const;

private:
  struct impl;

  io_step step_of(int rc);

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::net::detail
