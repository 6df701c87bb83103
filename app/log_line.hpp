/// One line of the daemon's log: for people, or for programs. Pure.
#pragma once

#include "brigade/config/serve_file.hpp"
#include "brigade/net/upstream_text.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace brigade::app {

/// A line end included: what a pipe takes in one piece (PIPE_BUF).
inline constexpr std::size_t log_line_bytes_max = 4096;
/// Longer values are cut; `...` marks a cut.
inline constexpr std::size_t log_value_bytes_max = 1024;

struct log_field {
  using value_type = std::variant<std::string_view, std::int64_t, double, bool>;

  /// `[a-z_]+`, from the code.
  std::string_view key;
  value_type value;

  log_field(std::string_view k, std::string_view v) : key(k), value(v) {
    // nop
  }

  log_field(std::string_view k, const char* v)
      : key(k), value(std::string_view{v}) {
    // nop
  }

  log_field(std::string_view k, const std::string& v)
      : key(k), value(std::string_view{v}) {
    // nop
  }

  log_field(std::string_view k, double v) : key(k), value(v) {
    // nop
  }

  template <std::integral Number>
  log_field(std::string_view k, Number v) : key(k) {
    if constexpr (std::same_as<Number, bool>)
      value = v;
    else
      value = static_cast<std::int64_t>(v);
  }
};

struct log_record {
  config::log_level level = config::log_level::info;
  /// Unix time.
  std::int64_t wall_ms = 0;
  /// `run.accepted`: what happened, from the code.
  std::string_view event;
  std::span<const log_field> fields;
};

/// `debug`, `info`, `warning` or `error`.
std::string_view to_string(config::log_level level);

/// The line with its line end. Values are masked, valid UTF-8 without control
/// characters and cut; fields that find no room are left out, which `cut=true`
/// says.
///
///     2026-11-01T12:30:05.120Z info run.accepted run=01J... crew="a b"
///     {"time":"2026-...","level":"info","event":"run.accepted","run":"01J..."}
std::string log_line_of(const log_record& record, config::log_style style,
                        const net::secret_list& secrets);

} // namespace brigade::app
