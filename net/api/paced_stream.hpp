/// Writes a stream as fast as its client takes it.
#pragma once

#include "brigade/net/http_server.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace brigade::net::api {

/// Of the server's thread. What the exchange has no room for waits here, so
/// whoever writes stops when `has_room` says no: what then waits is at most
/// what was written last. A text of any size passes, in pieces.
class paced_stream {
public:
  /// `waiting_bytes_max`: of what is handed to the exchange and not taken by
  /// the client yet; must be below the server's own limit.
  paced_stream(std::shared_ptr<http_exchange> to, std::size_t waiting_bytes_max)
      : to_(std::move(to)), waiting_bytes_max_(waiting_bytes_max) {
    // nop
  }

  void write(std::shared_ptr<const std::string> text);

  /// Ends the stream once all that was written is taken.
  void finish();

  /// For `http_exchange::on_drained`. Whether there is room for more now.
  bool on_drained();

  bool has_room() const {
    return waiting_.empty() && to_->queued_bytes() < waiting_bytes_max_;
  }

  /// The client has taken everything.
  bool is_idle() const { return waiting_.empty() && to_->queued_bytes() == 0; }

private:
  void pump();

  std::shared_ptr<http_exchange> to_;
  std::size_t waiting_bytes_max_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  /// Bytes of the first one that were handed on.
  std::size_t offset_ = 0;
  bool finishing_ = false;
};

} // namespace brigade::net::api
