#include "brigade/app/service_manager.hpp"

#include "brigade/app/terminal_text.hpp"
#include "brigade/app/unique_fd.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace brigade::app {

namespace {

constexpr std::size_t status_columns_max = 200;

std::optional<std::int64_t> number(const std::optional<std::string>& text) {
  if (!text)
    return std::nullopt;
  std::int64_t value = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (text->empty() || stop != end || error != std::errc{} || value <= 0)
    return std::nullopt;
  return value;
}

/// A line of its own: what is in it cannot begin another one.
std::string status_line(std::string_view text) {
  return "STATUS=" + fit(terminal_line(text), status_columns_max) + "\n";
}

/// As systemd compares it: CLOCK_MONOTONIC, whatever `steady_clock` is.
std::int64_t monotonic_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

} // namespace

service_manager::service_manager(const environment& env, std::int64_t pid) {
  const auto name = env("NOTIFY_SOCKET").value_or("");
  constexpr auto name_bytes_max = sizeof(sockaddr_un::sun_path);
  if (name.size() < 2 || name.size() >= name_bytes_max
      || (name[0] != '/' && name[0] != '@')
      || name.find('\0') != std::string::npos)
    return;
  socket_ = name;
  const auto whose = env("WATCHDOG_PID");
  if (const auto wait = number(env("WATCHDOG_USEC"));
      wait && (!whose || number(whose) == pid))
    alive_interval_ = std::chrono::microseconds{*wait} / 2;
}

service_manager service_manager::of_this_process() {
  return {[](std::string_view name) -> std::optional<std::string> {
            const char* found = std::getenv(std::string{name}.c_str());
            if (found == nullptr)
              return std::nullopt;
            return std::string{found};
          },
          ::getpid()};
}

bool service_manager::ready(std::string_view status) const {
  return send("READY=1\n" + status_line(status));
}

bool service_manager::reloading() const {
  return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_us())
              + "\n");
}

bool service_manager::stopping(std::chrono::microseconds drain) const {
  return send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(drain.count())
              + "\n");
}

bool service_manager::status(std::string_view text) const {
  return send(status_line(text));
}

bool service_manager::alive() const {
  return send("WATCHDOG=1\n");
}

bool service_manager::send(const std::string& message) const {
  if (socket_.empty())
    return false;
  const unique_fd fd{
      ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd)
    return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  auto size = offsetof(sockaddr_un, sun_path) + socket_.size();
  // An abstract name begins with NUL and ends with its last byte, a path with
  // the NUL behind it.
  if (socket_[0] == '@')
    address.sun_path[0] = '\0';
  else
    ++size;
  const auto sent =
      ::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address),
               static_cast<socklen_t>(size));
  return sent == static_cast<ssize_t>(message.size());
}

} // namespace brigade::app
