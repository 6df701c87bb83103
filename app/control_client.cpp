#include "brigade/app/control_client.hpp"

#include "brigade/app/control_path.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <string_view>

namespace brigade::app {

namespace {

using clock = std::chrono::steady_clock;

/// False when the time is over.
bool wait_for(int fd, short events, clock::time_point until) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
  pollfd source{fd, events, 0};
  return left.count() > 0
         && ::poll(&source, 1, static_cast<int>(left.count())) > 0;
}

bool send_all(int fd, std::string_view bytes, clock::time_point until) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR)
               || !wait_for(fd, POLLOUT, until)) {
      return false;
    }
  }
  return true;
}

/// The answer's line; empty: there is none.
std::string read_line(int fd, clock::time_point until) {
  std::string line;
  std::array<char, 16'384> chunk{};
  while (line.size() <= control_line_bytes_max && wait_for(fd, POLLIN, until)) {
    const auto got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    line.append(chunk.data(), static_cast<std::size_t>(got));
    if (const auto end = line.find('\n'); end != std::string::npos) {
      line.resize(end);
      return line;
    }
  }
  return {};
}

} // namespace

std::variant<control_answer, control_silence>
ask_owner(const std::string& directory, const std::string& owner,
          const control_request& request) {
  const auto until =
      clock::now() + std::chrono::milliseconds{control_timeout_ms};
  const auto owners = open_owners(directory);
  const auto address = owners ? control_address(owners, owner) : std::nullopt;
  if (!address) {
    return control_silence{"the state directory cannot be opened", false};
  }
  unique_fd fd{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd
      || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address),
                   sizeof(*address))
             != 0) {
    const bool gone = errno == ENOENT || errno == ECONNREFUSED;
    return control_silence{
        std::string{"it cannot be asked: "} + std::strerror(errno), gone};
  }
  if (!is_same_user(fd.get())) {
    return control_silence{"it belongs to another user", false};
  }
  if (!send_all(fd.get(), to_line(request) + "\n", until)) {
    return control_silence{"it does not listen", false};
  }
  auto answer = parse_control_answer(read_line(fd.get(), until));
  if (!answer) {
    return control_silence{"it does not answer", false};
  }
  return std::move(*answer);
}

} // namespace brigade::app
