/// The text of an answer's head.
#pragma once

#include "brigade/net/http_server.hpp"

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace brigade::net::detail {

/// How a client sees where the body ends.
enum class body_framing : std::uint8_t { length, chunked, until_close, none };

struct answer_framing {
  body_framing kind = body_framing::length;
  /// When `length`.
  std::size_t body_bytes = 0;
  bool close = false;
};

/// 200 to 599; 500 for anything else.
int usable_status(int status);

/// Whether answers of this status never have a body.
bool is_bodiless(int status);

/// Status line and fields with the empty line. `date` is the value of `Date`.
std::string head_text(const http_response& response,
                      const answer_framing& framing, std::string_view date);

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::string date_text(std::time_t when);

/// An answer of the server itself: problem+json. `reason` needs no escapes.
http_response problem(int status, std::string_view reason);

/// The line before a chunk's data.
std::string chunk_head(std::size_t bytes);

} // namespace brigade::net::detail
