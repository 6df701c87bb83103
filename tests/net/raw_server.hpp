/// A TCP server on a free port of this machine, for tests of clients: each
/// connection runs the test's script on its own thread, byte by byte if it
/// likes. TLS when it is given a context.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace brigade::net::test {

/// The server's side of one connection.
class raw_peer {
public:
  raw_peer(int fd, SSL_CTX* tls);
  ~raw_peer();

  raw_peer(const raw_peer&) = delete;
  raw_peer& operator=(const raw_peer&) = delete;

  /// The next request, head and body; nothing when the client hung up.
  std::optional<std::string> read_request();

  /// False when the client is gone.
  bool write(std::string_view bytes);

  /// Blocks until the client hangs up; true when it did.
  bool wait_for_end();

  /// Closes in order.
  void close();

  /// Closes the connection with a reset.
  void reset();

  /// Wakes a thread that waits in one of the functions above.
  void interrupt();

private:
  long receive(char* data, std::size_t bytes);

  std::mutex mutex_;
  int fd_;
  SSL* ssl_ = nullptr;
  std::string pending_;
};

class raw_server {
public:
  /// `index` counts the connections from 0.
  using script = std::function<void(raw_peer& peer, int index)>;

  explicit raw_server(script run, SSL_CTX* tls = nullptr);

  /// Closes all connections and joins all threads.
  ~raw_server();

  raw_server(const raw_server&) = delete;
  raw_server& operator=(const raw_server&) = delete;

  std::uint16_t port() const { return port_; }

  /// `http://127.0.0.1:PORT/v1`
  std::string base_url(std::string_view scheme = "http",
                       std::string_view host = "127.0.0.1") const;

  /// Connections so far.
  int connections();

private:
  struct session {
    std::unique_ptr<raw_peer> peer;
    std::thread thread;
  };

  void accept_all();

  script run_;
  SSL_CTX* tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::list<session> sessions_;
  std::thread acceptor_;
};

/// An HTTP answer with a length.
std::string http_reply(int status, std::string_view body,
                       std::string_view more_headers = {});

/// A chat completion with this text.
std::string chat_reply(std::string_view text);

/// Answers each request of a connection with `reply`.
raw_server::script answer_with(std::string reply);

} // namespace brigade::net::test
