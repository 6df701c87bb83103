#include "server_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace brigade::net::test {

namespace {

constexpr timeval wait_max{20, 0};

} // namespace

raw_client::raw_client()
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait_max, sizeof(wait_max));
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &wait_max, sizeof(wait_max));
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

raw_client::raw_client(std::uint16_t port, SSL_CTX* tls) : raw_client() {
  if (!connect(port))
    throw std::runtime_error{"cannot connect"};
  if (!tls)
    return;
  std::signal(SIGPIPE, SIG_IGN);
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, fd_);
  SSL_set_connect_state(ssl_);
}

raw_client::raw_client(raw_client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      pending_(std::move(other.pending_)) {
  // nop
}

raw_client::~raw_client() {
  SSL_free(ssl_);
  if (fd_ >= 0)
    ::close(fd_);
}

bool raw_client::connect(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address))
         == 0;
}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n =
        ssl_ ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
             : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool raw_client::fill() {
  char buffer[16'384];
  const auto n = ssl_ ? SSL_read(ssl_, buffer, sizeof(buffer))
                      : ::recv(fd_, buffer, sizeof(buffer), 0);
  if (n > 0)
    pending_.append(buffer, static_cast<std::size_t>(n));
  else if (n < 0 && errno == EAGAIN)
    BOOST_ERROR("nothing came, not even the end");
  return n > 0;
}

std::string raw_client::read_until(std::string_view mark) {
  for (;;) {
    const auto at = pending_.find(mark);
    if (at != std::string::npos) {
      auto text = pending_.substr(0, at + mark.size());
      pending_.erase(0, text.size());
      return text;
    }
    if (!fill())
      return std::exchange(pending_, {});
  }
}

std::string raw_client::read_answer() {
  auto text = read_until("\r\n\r\n");
  constexpr std::string_view name = "Content-Length: ";
  const auto at = text.find(name);
  if (at == std::string::npos)
    return text;
  std::size_t bytes = 0;
  std::from_chars(text.data() + at + name.size(), text.data() + text.size(),
                  bytes);
  while (pending_.size() < bytes && fill()) {
  }
  bytes = std::min(bytes, pending_.size());
  text += pending_.substr(0, bytes);
  pending_.erase(0, bytes);
  return text;
}

std::string raw_client::read_all() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

bool raw_client::is_ended() {
  return pending_.empty() && !fill();
}

bool raw_client::was_told_the_end() const {
  return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void raw_client::end_writing() {
  ::shutdown(fd_, SHUT_WR);
}

void raw_client::reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  ::close(std::exchange(fd_, -1));
}

int status_of(std::string_view answer) {
  int status = 0;
  if (answer.starts_with("HTTP/1.1 "))
    std::from_chars(answer.data() + 9, answer.data() + answer.size(), status);
  return status;
}

std::string body_of(std::string_view answer) {
  const auto at = answer.find("\r\n\r\n");
  return at == std::string_view::npos ? std::string{}
                                      : std::string{answer.substr(at + 4)};
}

std::string get(std::string_view target, std::string_view more_fields) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n"
         + std::string{more_fields} + "\r\n";
}

server_fixture::server_fixture() {
  handler = [this](const exchange_ptr& exchange) {
    const auto& request = exchange->request();
    handled.put(request.target);
    http_response response;
    response.body = request.method + ' ' + request.target + ' ' + request.body;
    exchange->respond(std::move(response));
  };
}

void server_fixture::start() {
  auto started = http_server::start(io, options, admission, handler);
  BOOST_TEST_REQUIRE(bool{started});
  server = std::move(*started);
}

std::string server_fixture::talk(std::string_view text) {
  auto client = connect();
  client.send(text);
  return client.read_all();
}

} // namespace brigade::net::test
