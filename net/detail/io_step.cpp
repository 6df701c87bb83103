#include "brigade/net/detail/io_step.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace brigade::net::detail {

namespace {

constexpr std::size_t parts_max = 4;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

io_step send_some(int fd, std::span<const std::string_view> parts) {
  std::array<iovec, parts_max> vectors{};
  std::size_t count = 0;
  for (const auto& part : parts) {
    if (part.empty() || count == parts_max)
      continue;
    // sendmsg does not write to it.
    vectors[count++] = {const_cast<char*>(part.data()), part.size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  auto n = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n >= 0)
    return {io_status::done, static_cast<std::size_t>(n)};
  return {would_block() ? io_status::want_write : io_status::broken};
}

io_step receive_some(int fd, std::span<char> buffer) {
  auto n = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n > 0)
    return {io_status::done, static_cast<std::size_t>(n)};
  if (n == 0)
    return {io_status::closed};
  return {would_block() ? io_status::want_read : io_status::broken};
}

bool is_quiet(int fd) {
  char byte;
  return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_block();
}

} // namespace brigade::net::detail
