#include "brigade/app/standard_io.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace brigade::app {

write_status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = ::write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EAGAIN) {
      // Somebody else made the terminal non-blocking.
      pollfd entry{fd, POLLOUT, 0};
      ::poll(&entry, 1, -1);
    } else if (errno == EPIPE) {
      return write_status::closed;
    } else if (errno != EINTR) {
      return write_status::failed;
    }
  }
  return write_status::ok;
}

void tell(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += line;
    text += '\n';
  }
  static_cast<void>(write_all(STDERR_FILENO, text));
}

} // namespace brigade::app
