/// A server on a free port with a handler of the test, and clients that say
/// to it whatever a test likes, byte by byte.
#pragma once

#include "brigade/net/http_server.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::net::test {

/// Blocks, but never longer than a broken test may take.
class raw_client {
public:
  /// A socket, to be connected later.
  raw_client();
  explicit raw_client(std::uint16_t port, SSL_CTX* tls = nullptr);
  ~raw_client();

  raw_client(raw_client&& other) noexcept;
  raw_client& operator=(raw_client&&) = delete;

  bool connect(std::uint16_t port);

  /// False when the server is gone.
  bool send(std::string_view bytes);

  /// Up to and with the mark; what came before the end if it does not come.
  std::string read_until(std::string_view mark);

  /// An answer with its body of known length. Empty when none came.
  std::string read_answer();

  /// All up to the end of the connection.
  std::string read_all();

  /// Waits for the end; true when it came and nothing before it.
  bool is_ended();

  /// Whether the end was one of TLS, and not only of the connection.
  bool was_told_the_end() const;

  /// The server sees the end of what is sent.
  void end_writing();

  /// Closes with a reset.
  void reset();

private:
  bool fill();

  int fd_ = -1;
  SSL* ssl_ = nullptr;
  std::string pending_;
};

int status_of(std::string_view answer);
std::string body_of(std::string_view answer);

/// A GET of this target.
std::string get(std::string_view target, std::string_view more_fields = {});

/// What threads tell a test, in order.
template <class T>
class mailbox {
public:
  void put(T item) {
    std::lock_guard guard{mutex_};
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  /// Waits for one; nothing when none comes in the time a broken test has.
  std::optional<T> take() {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, std::chrono::seconds{20},
                           [this] { return !items_.empty(); }))
      return std::nullopt;
    auto item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

  std::size_t size() {
    std::lock_guard guard{mutex_};
    return items_.size();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
};

using exchange_ptr = std::shared_ptr<http_exchange>;

struct server_fixture {
  /// Listens with `options`, `admission` and `handler`.
  void start();

  raw_client connect() { return raw_client{server->port()}; }

  /// The whole conversation of one connection.
  std::string talk(std::string_view text);

  std::shared_ptr<io_thread> io = std::make_shared<io_thread>();
  http_server_options options;
  http_admission admission = [](const http_request&) -> http_verdict {
    return std::size_t{1024};
  };
  /// Answers with method, target and body.
  http_handler handler;
  /// Targets that reached the handler.
  mailbox<std::string> handled;
  std::unique_ptr<http_server> server;

  server_fixture();
};

} // namespace brigade::net::test
