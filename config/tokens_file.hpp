/// The tokens of a daemon's clients: `NAME TOKEN` lines of a file that nobody
/// else may read.
#pragma once

#include "brigade/config/crew_file.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config {

/// 128 bits in base64url are 22 characters.
inline constexpr std::size_t token_bytes_min = 22;
inline constexpr std::size_t token_bytes_max = 512;
/// Of one client, so that a new token can be given out before the old one is
/// taken back.
inline constexpr std::size_t tokens_per_client_max = 4;
inline constexpr std::size_t tokens_max = 1000;
inline constexpr std::uint64_t tokens_file_bytes_max = 1024 * 1024;

/// Knows tokens by their SHA-256 only. Immutable, so thread-safe.
class token_table {
public:
  /// Whose token this is. What it takes does not depend on which bytes are
  /// right: it looks at all tokens, always. Nothing for an unknown one. Throws
  /// `std::bad_alloc` when memory is exhausted.
  std::optional<std::string> client_of(std::string_view presented) const;

  /// Names of all clients, sorted, each once.
  std::vector<std::string> clients() const;

private:
  friend struct tokens_reader;

  struct entry {
    std::array<unsigned char, 32> digest{};
    std::string client;
  };

  std::vector<entry> entries_;
};

struct loaded_tokens {
  /// Set when there are no faults.
  std::optional<token_table> value;
  /// No message repeats anything of the file: it may be a token in the wrong
  /// place.
  std::vector<config_fault> faults;
};

/// Reads a regular file that belongs to this process's user or to root and that
/// neither group nor others may use. Never blocks on a pipe or a device.
loaded_tokens load_tokens_file(const std::string& path,
                               const load_options& options = {});

/// The same for a text. Empty lines and lines that begin with `#` are passed
/// over; lines may end with CR LF.
loaded_tokens parse_tokens(std::string_view text, const std::string& file_name);

} // namespace brigade::config
