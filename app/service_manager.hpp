/// What the daemon tells the service manager that started it: the protocol of
/// sd_notify(3), without its library.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::app {

/// Without a service manager every message goes nowhere. All functions may be
/// called from any thread and never block; a message that cannot be sent is
/// dropped, because there is nothing to be done about it.
class service_manager {
public:
  using environment =
      std::function<std::optional<std::string>(std::string_view)>;

  /// Reads NOTIFY_SOCKET (a path, or `@` and an abstract name), WATCHDOG_USEC
  /// and WATCHDOG_PID, which must be `pid` when it is set.
  service_manager(const environment& env, std::int64_t pid);

  /// With the environment and the id of this process.
  static service_manager of_this_process();

  /// Whether somebody listens.
  bool present() const { return !socket_.empty(); }

  /// How often `alive` is to be called: half of what the manager waits.
  /// Nothing: it does not wait for that.
  std::optional<std::chrono::microseconds> alive_interval() const {
    return alive_interval_;
  }

  /// The start is over; `status` is for people. Also the end of a reload.
  /// Returns whether it was sent, as all of these do.
  bool ready(std::string_view status) const;

  /// A reload begins, now.
  bool reloading() const;

  /// The end begins; it may take until `drain` has passed.
  bool stopping(std::chrono::microseconds drain) const;

  /// One line for `systemctl status`.
  bool status(std::string_view text) const;

  /// The daemon is not stuck.
  bool alive() const;

private:
  bool send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> alive_interval_;
};

} // namespace brigade::app
