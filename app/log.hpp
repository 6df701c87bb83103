/// The daemon's log: lines to stderr from a thread of its own. Who logs never
/// waits; lines that find no room are dropped and counted.
#pragma once

#include "brigade/app/log_line.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace brigade::app {

struct log_options {
  config::log_level level_min = config::log_level::info;
  config::log_style style = config::log_style::text;
  /// Where the lines go; stays open, and stays the caller's.
  int fd = 2;
  /// Begins each line with `<6>` and so on, from which systemd's journal takes
  /// the level.
  bool level_prefix = false;
  /// Lines that wait; then the oldest are dropped.
  std::size_t queue_lines_max = 1024;
  /// How long one line waits for a reader; then lines are dropped until it
  /// reads again.
  std::int64_t write_timeout_ms = 1'000;
  /// What no line may hold, in any form.
  net::secret_list secrets;
  /// Unix time in ms; empty: the clock of this machine.
  std::function<std::int64_t()> now;
};

/// All functions may be called from any thread.
class daemon_log {
public:
  explicit daemon_log(log_options options);

  /// Writes what waits; a reader that does not read holds it up for
  /// `write_timeout_ms` at most.
  ~daemon_log();

  daemon_log(const daemon_log&) = delete;
  daemon_log& operator=(const daemon_log&) = delete;

  /// Whether a message of this level would be written.
  bool enabled(config::log_level level) const;

  /// One event, such as `run.accepted`, with what is known of it. Never
  /// throws, never blocks.
  void write(config::log_level level, std::string_view event,
             std::initializer_list<log_field> fields = {}) noexcept;

  /// The same of fields that were put together at run time.
  void write(config::log_level level, std::string_view event,
             std::span<const log_field> fields) noexcept;

  void debug(std::string_view event,
             std::initializer_list<log_field> fields = {}) noexcept {
    write(config::log_level::debug, event, fields);
  }

  void info(std::string_view event,
            std::initializer_list<log_field> fields = {}) noexcept {
    write(config::log_level::info, event, fields);
  }

  void warning(std::string_view event,
               std::initializer_list<log_field> fields = {}) noexcept {
    write(config::log_level::warning, event, fields);
  }

  void error(std::string_view event,
             std::initializer_list<log_field> fields = {}) noexcept {
    write(config::log_level::error, event, fields);
  }

  /// From the next line on; for a reload.
  void change(config::log_level level_min, config::log_style style,
              const net::secret_list& secrets);

  /// Lines dropped so far. The next line that is written tells of them, too.
  std::uint64_t dropped() const;

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::app
