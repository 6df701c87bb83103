/// Where the control socket of a process is: beside its owner file.
///
/// INTERNAL: included by both ends of the socket only.
#pragma once

#include "brigade/app/unique_fd.hpp"

#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace brigade::app {

inline constexpr std::string_view control_suffix = ".sock";

/// Asking and answering must be over within this.
inline constexpr int control_timeout_ms = 5'000;

/// `STATE/owners`; a socket is named relative to it, because the path of a
/// state directory may be longer than an address can hold.
inline unique_fd open_owners(const std::string& directory) {
  return unique_fd{::open((directory + "/owners").c_str(),
                          O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

/// Nothing when the owner has no name that we gave.
inline std::optional<sockaddr_un> control_address(const unique_fd& owners,
                                                  std::string_view owner) {
  if (owner.empty() || owner.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  auto path = "/proc/self/fd/" + std::to_string(owners.get()) + "/";
  path += owner;
  path += control_suffix;
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) {
    return std::nullopt;
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Whether the other end is a process of this user.
inline bool is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
         && peer.uid == ::geteuid();
}

} // namespace brigade::app
