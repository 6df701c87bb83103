/// One request and its answer, between the threads that answer and the session
/// that sends.
#pragma once

#include "brigade/net/http_server.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace brigade::net::detail {

class server_session;

using shared_chunk = std::shared_ptr<const std::string>;

class exchange : public std::enable_shared_from_this<exchange> {
public:
  /// What was said since the session asked last.
  struct news {
    /// The answer, or the head of a stream.
    std::optional<http_response> head;
    bool is_stream = false;
    std::vector<shared_chunk> chunks;
    bool finished = false;
    bool closed = false;
    bool fell_behind = false;
    /// Somebody waits to hear that the queue is empty.
    bool asks_drained = false;
  };

  exchange(server_session& owner, http_request request,
           std::size_t queue_bytes_max);

  const http_request& request() const { return request_; }

  // -- from any thread: see http_exchange -------------------------------------

  void respond(http_response response);
  void start_stream(http_response head);
  void write(shared_chunk chunk);
  std::size_t queued_bytes() const { return queued_bytes_; }
  void finish();
  void on_drained(std::function<void()> drained);
  void on_gone(std::function<void()> gone);
  void close();

  /// Nobody can answer any more.
  void abandon();

  // -- on the server's thread -------------------------------------------------

  news take_news();

  /// Bytes of chunks that the socket took.
  void on_sent(std::size_t bytes) { queued_bytes_ -= bytes; }

  /// Calls what waits for an empty queue, if it is empty.
  void call_drained();

  /// Parts from the session. Calls what waits for the client's end unless the
  /// answer was complete.
  void end(bool complete);

private:
  enum class answer : std::uint8_t { none, stream, whole };

  void wake();

  const http_request request_;
  const std::size_t queue_bytes_max_;
  std::atomic<std::size_t> queued_bytes_ = 0;

  std::mutex mutex_;
  // Guarded by `mutex_`.
  /// Null once the exchange has ended.
  server_session* owner_;
  answer answer_ = answer::none;
  /// Born awake: the session looks when its handler has returned.
  bool awake_ = true;
  bool gone_ = false;
  news news_;
  std::function<void()> on_drained_;
  std::function<void()> on_gone_;
};

/// What a handler is given. Its end is the end of all who could answer.
class exchange_handle final : public http_exchange {
public:
  explicit exchange_handle(std::shared_ptr<exchange> core);
  ~exchange_handle() override;

  exchange_handle(const exchange_handle&) = delete;
  exchange_handle& operator=(const exchange_handle&) = delete;

  const http_request& request() const override;
  void respond(http_response response) override;
  void start_stream(http_response head) override;
  void write(shared_chunk chunk) override;
  std::size_t queued_bytes() const override;
  void finish() override;
  void on_drained(std::function<void()> drained) override;
  void on_gone(std::function<void()> gone) override;
  void close() override;

private:
  const std::shared_ptr<exchange> core_;
};

} // namespace brigade::net::detail
