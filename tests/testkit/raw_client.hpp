/// A client without manners, for tests of the gate: a blocking socket that
/// tells apart how a connection ends.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brigade::testkit::test {

class raw_client {
public:
  explicit raw_client(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // A broken test ends and does not hang.
    constexpr timeval wait_max{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait_max, sizeof(wait_max));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &wait_max, sizeof(wait_max));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    is_connected_ =
        ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address))
        == 0;
  }

  ~raw_client() { ::close(fd_); }

  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  bool is_connected() const { return is_connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Says that it has no more to send.
  void finish() { ::shutdown(fd_, SHUT_WR); }

  /// At most so many bytes; fewer when the connection ends before.
  std::string receive(std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) {
      std::array<char, 4096> buffer;
      const auto n = ::recv(fd_, buffer.data(),
                            std::min(buffer.size(), bytes - out.size()), 0);
      if (n <= 0) {
        end_ = n == 0 ? "closed" : errno == ECONNRESET ? "reset" : "timeout";
        break;
      }
      ++reads_;
      out.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return out;
  }

  /// Everything until the connection ends.
  std::string receive_all() { return receive(std::size_t{1} << 30); }

  /// `open`, `closed`, `reset` or `timeout`.
  std::string_view end() const { return end_; }

  int reads() const { return reads_; }

  /// Whether nothing comes, not even an end, for so long.
  bool is_quiet(std::chrono::milliseconds time) const {
    pollfd wanted{fd_, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(time.count())) == 0;
  }

private:
  int fd_;
  bool is_connected_ = false;
  std::string_view end_ = "open";
  int reads_ = 0;
};

} // namespace brigade::testkit::test
