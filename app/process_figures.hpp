/// What the kernel says of this process.
#pragma once

#include <cstdint>
#include <optional>

namespace brigade::app {

/// Nothing where `/proc` does not say it.
struct process_figures {
  std::optional<double> cpu_seconds;
  std::optional<std::uint64_t> resident_bytes;
  std::optional<std::uint64_t> virtual_bytes;
  std::optional<std::uint64_t> threads;
  std::optional<std::uint64_t> open_fds;
  std::optional<std::uint64_t> fds_max;
  /// Unix time.
  std::optional<double> start_seconds;
};

process_figures read_process_figures();

} // namespace brigade::app
