/// A file descriptor that closes itself.
#pragma once

#include <unistd.h>
#include <utility>

namespace brigade::app {

/// Owns one file descriptor; -1 means none. Movable, not copyable.
class unique_fd {
public:
  unique_fd() = default;

  explicit unique_fd(int fd) : fd_(fd) {
    // nop
  }

  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {
    // nop
  }

  unique_fd& operator=(unique_fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  unique_fd(const unique_fd&) = delete;
  unique_fd& operator=(const unique_fd&) = delete;

  ~unique_fd() { reset(); }

  int get() const { return fd_; }

  explicit operator bool() const { return fd_ >= 0; }

  /// Closes now. Errors of `close` are lost; who cares about them calls it.
  void reset() {
    if (fd_ >= 0) {
      ::close(std::exchange(fd_, -1));
    }
  }

  /// Gives the descriptor away.
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_ = -1;
};

} // namespace brigade::app
