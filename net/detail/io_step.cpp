#include "brigade/net/detail/io_step.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace brigade::net::detail {

namespace {

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

io_step send_some(int fd, std::span<const std::string_view> parts) {
  std::array<iovec, send_parts_max> vectors{};
  std::size_t count = 0;
  for (const auto& part : parts) {
    if (part.empty() || count == send_parts_max)
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

std::size_t copy_from(std::span<const std::string_view> parts,
                      std::size_t offset, std::span<char> to) {
  std::size_t copied = 0;
  for (auto part : parts) {
    auto skip = std::min(offset, part.size());
    offset -= skip;
    part.remove_prefix(skip);
    auto bytes = std::min(part.size(), to.size() - copied);
    std::copy_n(part.data(), bytes, to.data() + copied);
    copied += bytes;
  }
  return copied;
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
