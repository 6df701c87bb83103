/// How other processes of the same user reach one that works on runs: a Unix
/// socket beside its owner file, which only they can open.
#pragma once

#include "brigade/app/control_message.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace brigade::app {

/// Clients that are served at once; further ones wait in the kernel.
inline constexpr std::size_t control_clients_max = 16;

class control_socket {
public:
  /// Called from the socket's own thread, one request after another. It must
  /// not take long: who asks waits for five seconds.
  using handler = std::function<control_answer(const control_request&)>;

  struct fault {
    std::string message;
  };

  /// Listens for requests to the process that calls itself `owner` in the state
  /// directory. Wakes up for requests only.
  static std::variant<std::unique_ptr<control_socket>, fault>
  open(const std::string& directory, const std::string& owner, handler answer);

  /// Stops answering and removes the socket; waits for a handler that runs.
  ~control_socket();

  control_socket(const control_socket&) = delete;
  control_socket& operator=(const control_socket&) = delete;

private:
  struct impl;

  explicit control_socket(std::unique_ptr<impl> parts);

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::app
