#include "raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <stdexcept>

namespace brigade::net::test {

namespace {

/// A broken test ends and does not hang.
constexpr timeval wait_max{20, 0};

/// OpenSSL writes without MSG_NOSIGNAL. Blocked for this thread only, so that
/// a client that raises the signal is still found out.
void block_sigpipe() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  auto at = head.find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos)
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(),
                    length);
  return length;
}

} // namespace

raw_peer::raw_peer(int fd, SSL_CTX* tls) : fd_(fd) {
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait_max, sizeof(wait_max));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait_max, sizeof(wait_max));
  int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (!tls)
    return;
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, fd);
  SSL_set_accept_state(ssl_);
}

raw_peer::~raw_peer() {
  close();
  SSL_free(ssl_);
}

long raw_peer::receive(char* data, std::size_t bytes) {
  if (ssl_)
    return SSL_read(ssl_, data, static_cast<int>(bytes));
  return ::recv(fd_, data, bytes, 0);
}

std::optional<std::string> raw_peer::read_request() {
  for (;;) {
    auto end = pending_.find("\r\n\r\n");
    if (end != std::string::npos) {
      auto total = end + 4 + content_length(pending_.substr(0, end + 2));
      if (pending_.size() >= total) {
        auto request = pending_.substr(0, total);
        pending_.erase(0, total);
        return request;
      }
    }
    char buffer[4096];
    auto n = receive(buffer, sizeof(buffer));
    if (n <= 0)
      return std::nullopt;
    pending_.append(buffer, static_cast<std::size_t>(n));
  }
}

bool raw_peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ssl_
                 ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                 : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool raw_peer::wait_for_end() {
  char buffer[4096];
  for (;;) {
    auto n = receive(buffer, sizeof(buffer));
    if (n == 0)
      return true;
    if (n < 0)
      return errno == ECONNRESET || (ssl_ && errno != EAGAIN);
  }
}

void raw_peer::close() {
  std::lock_guard guard{mutex_};
  if (fd_ < 0)
    return;
  if (ssl_)
    SSL_shutdown(ssl_);
  ::close(fd_);
  fd_ = -1;
}

void raw_peer::reset() {
  linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  std::lock_guard guard{mutex_};
  ::close(fd_);
  fd_ = -1;
}

void raw_peer::interrupt() {
  std::lock_guard guard{mutex_};
  if (fd_ >= 0)
    ::shutdown(fd_, SHUT_RDWR);
}

raw_server::raw_server(script run, SSL_CTX* tls)
    : run_(std::move(run)), tls_(tls) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0
      || ::listen(listener_, 512) != 0
      || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address),
                       &length)
             != 0)
    throw std::runtime_error{"cannot listen"};
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

raw_server::~raw_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& item : sessions_)
    item.peer->interrupt();
  for (auto& item : sessions_)
    item.thread.join();
}

void raw_server::accept_all() {
  for (auto index = 0;; ++index) {
    auto fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;
    std::lock_guard guard{mutex_};
    auto& item = sessions_.emplace_back();
    item.peer = std::make_unique<raw_peer>(fd, tls_);
    item.thread = std::thread{[this, index, peer = item.peer.get()] {
      block_sigpipe();
      run_(*peer, index);
      peer->close();
    }};
  }
}

std::string raw_server::base_url(std::string_view scheme,
                                 std::string_view host) const {
  return std::string{scheme} + "://" + std::string{host} + ":"
         + std::to_string(port_) + "/v1";
}

int raw_server::connections() {
  std::lock_guard guard{mutex_};
  return static_cast<int>(sessions_.size());
}

std::string http_reply(int status, std::string_view body,
                       std::string_view more_headers) {
  return "HTTP/1.1 " + std::to_string(status)
         + " X\r\nContent-Type: application/json\r\n"
         + std::string{more_headers} + "Content-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

std::string chat_reply(std::string_view text) {
  return R"({"choices":[{"index":0,"message":{"role":"assistant","content":")"
         + std::string{text}
         + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,)"
           R"("completion_tokens":2,"total_tokens":5}})";
}

raw_server::script answer_with(std::string reply) {
  return [reply = std::move(reply)](raw_peer& peer, int) {
    while (peer.read_request())
      if (!peer.write(reply))
        return;
  };
}

} // namespace brigade::net::test
