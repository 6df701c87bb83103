/// The strict gate in front of the HTTP server: takes the head of a request as
/// bytes and lets through only what has one meaning. Sans-io.
#pragma once

#include "brigade/net/http_server.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net {

struct gate_limits {
  /// Request line and fields, up to and with the empty line.
  std::size_t header_bytes_max = 8192;
  std::size_t fields_max = 64;
  std::size_t target_bytes_max = 2048;
};

enum class gate_state : std::uint8_t { wants_more, passed, rejected };

/// A head that has passed.
struct gate_head {
  /// Without body and peer.
  http_request request;
  /// Announced by `Content-Length`; 0 when there is none.
  std::uint64_t content_bytes = 0;
  bool chunked = false;
  /// The client may send another request after this one.
  bool keep_alive = true;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_bytes != 0; }
};

/// Why a head is refused: a status for the client (400, 414, 417, 431, 501 or
/// 505) and a reason for people that shows nothing of the request. The
/// connection must be closed: where the next request starts is not known.
struct gate_rejection {
  int status = 0;
  std::string_view reason;
};

/// Collects one head at a time. Bytes after it are left to the caller.
class gate {
public:
  explicit gate(const gate_limits& limits);

  /// Takes bytes up to the end of the head and returns how many; fewer than it
  /// was given once the state is no longer `wants_more`. What can be seen to be
  /// wrong early is rejected early.
  std::size_t feed(std::string_view bytes);

  gate_state state() const { return state_; }

  /// Whether a byte of the next head has come.
  bool is_empty() const { return text_.empty(); }

  /// Only when it has passed. The gate is then ready for the next one.
  gate_head take();

  /// Only when it was rejected.
  const gate_rejection& rejection() const { return rejection_; }

private:
  bool scan(char c);
  void reject(int status, std::string_view reason);
  void parse();

  gate_limits limits_;
  gate_state state_ = gate_state::wants_more;
  std::string text_;
  /// The end of the request line has come.
  bool in_fields_ = false;
  gate_head head_;
  gate_rejection rejection_;
};

} // namespace brigade::net
