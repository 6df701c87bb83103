/// One thing wrong with a crew file, and where.
#pragma once

#include <cstdint>
#include <string>

namespace brigade::config {

/// What a caller may want to tell apart: an exit code, for instance.
enum class fault_kind : std::uint8_t {
  /// The crew file itself must be changed.
  config,
  /// The file is fine, but a key that it names is not there: the environment
  /// variable is not set or the key file cannot be read.
  missing_secret,
};

struct config_fault {
  /// The crew file, or `--set KEY` for a value from the command line.
  std::string file;
  /// From 1; 0: the fault concerns the file as a whole or a `--set`.
  std::uint32_t line = 0;
  /// From 1, in characters; 0 when `line` is.
  std::uint32_t column = 0;
  /// A sentence for people, with what to do. Never holds a secret.
  std::string message;
  fault_kind kind = fault_kind::config;

  friend bool operator==(const config_fault&, const config_fault&) = default;
};

/// `crew.toml:12:3: message`, as compilers and editors write it.
std::string to_string(const config_fault& fault);

} // namespace brigade::config
