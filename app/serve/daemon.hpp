/// `brigade serve` put together: journal, crews, runs and the HTTP server.
#pragma once

#include "brigade/app/serve/crew_runtime.hpp"
#include "brigade/app/serve/named_values.hpp"
#include "brigade/config/serve_file.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace brigade::app::serve {

struct daemon_options {
  /// Made where it is missing.
  std::string state;
  /// What happens, for people: a name, and values by name. From any thread.
  std::function<void(std::string_view name, const named_values&)> log;
  /// Lines of the log that found no room; empty: none.
  std::function<std::uint64_t()> dropped_lines;
};

/// Thread-safe, but for its making and its end.
class daemon {
public:
  /// Why it cannot start, or go on as it is told: for people, one line each.
  struct fault {
    std::vector<std::string> lines;
  };

  /// Serves from now on, and goes on with the runs of an earlier process.
  static std::variant<std::unique_ptr<daemon>, fault>
  start(config::serve_settings settings, daemon_options options);

  /// Ends at once: what runs is abandoned, and goes on after a restart.
  ~daemon();

  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  /// The one that it listens on.
  std::uint16_t port() const;

  /// Other settings hold from now on, but for what only a start can change:
  /// that is told. On a fault everything stays as it was.
  std::variant<std::vector<std::string>, fault>
  reload(config::serve_settings settings);

  /// Takes no new runs from now on.
  void drain();

  /// Whether no run is being worked on.
  bool is_idle() const;

  /// After `drain`: suspends what still runs, closes all connections and waits
  /// for the end. Returns how many runs had to be ended by force.
  std::uint32_t stop(std::chrono::milliseconds grace);

private:
  struct parts;

  explicit daemon(std::unique_ptr<parts> all);

  std::unique_ptr<parts> parts_;
};

} // namespace brigade::app::serve
