/// Crew files: one TOML file to a crew and the settings of its providers.
/// Every function here is thread-safe as far as its callbacks are.
#pragma once

#include "brigade/config/config_fault.hpp"
#include "brigade/config/provider_settings.hpp"
#include "brigade/core/crew/crew.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config {

/// Limit of a crew file and of each prompt file, in bytes.
inline constexpr std::uint64_t file_bytes_max = 1024 * 1024;

/// Faults that are listed; one more says that there are others.
inline constexpr std::size_t faults_max = 100;

struct crew_file {
  core::crew crew;
  /// In the order of the file; `builtin` last when a role uses it undeclared.
  std::vector<provider_settings> providers;
};

/// The provider with this name, or null.
const provider_settings* find_provider(const crew_file& file,
                                       std::string_view name);

/// The content of a file, or why there is none.
struct file_text {
  std::optional<std::string> text;
  /// Without the path: `is a directory`.
  std::string error;
};

struct load_options {
  /// The value of an environment variable; unset: the process's own.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  /// Reads at most `bytes_max` bytes and refuses longer files; unset:
  /// `read_text_file`.
  std::function<file_text(const std::string& path, std::uint64_t bytes_max)>
      read_file;
  /// The same for files of secrets; unset: `read_private_file`.
  std::function<file_text(const std::string& path, std::uint64_t bytes_max)>
      read_private_file;
  /// `KEY=VALUE` of each `--set`; they win over the file, the last one first.
  std::vector<std::string> sets;
  /// Aliases of models that are used although no role names them: their
  /// providers' keys must be there. Unknown ones are passed over.
  std::vector<std::string> models_used;
  /// Whether the keys must be there: false checks a file without them.
  bool resolve_secrets = true;
};

struct loaded {
  /// Set when there are no faults.
  std::optional<crew_file> value;
  /// Everything that is wrong, in the order of the file; syntax errors hide
  /// what is behind them.
  std::vector<config_fault> faults;
  /// What is allowed but most likely not meant.
  std::vector<config_fault> warnings;
};

/// Reads and checks a crew file. Its stem is the crew's name.
loaded load_crew_file(const std::string& path, const load_options& options);

/// The same for a text. `file_name` stands in faults, names the crew, and its
/// folder is where relative paths start.
loaded parse_crew(std::string_view text, const std::string& file_name,
                  const load_options& options);

/// Reads a regular file; symbolic links are followed. Never blocks on a pipe
/// or a device: it refuses them.
file_text read_text_file(const std::string& path, std::uint64_t bytes_max);

/// The same for a file of secrets, which must belong to this process's user or
/// to root and be closed to everybody else.
file_text read_private_file(const std::string& path, std::uint64_t bytes_max);

/// The JSON Schema of crew files, for editors: indented, with a line end.
std::string crew_schema_json();

} // namespace brigade::config
