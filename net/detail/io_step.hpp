/// Reading and writing that never waits: each step says what it did or what
/// it waits for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace brigade::net::detail {

enum class io_status : std::uint8_t {
  done,
  want_read,
  want_write,
  /// The peer ended its side in order.
  closed,
  broken,
};

struct io_step {
  io_status status = io_status::broken;
  /// When `done`.
  std::size_t bytes = 0;
};

/// More parts wait for the next call of `send_some`.
inline constexpr std::size_t send_parts_max = 32;

/// Sends as much of the parts, seen as one text, as the socket takes. Never
/// raises SIGPIPE.
io_step send_some(int fd, std::span<const std::string_view> parts);

/// Copies the parts, seen as one text, from `offset` on. Returns the number of
/// bytes.
std::size_t copy_from(std::span<const std::string_view> parts,
                      std::size_t offset, std::span<char> to);

io_step receive_some(int fd, std::span<char> buffer);

/// Whether an idle connection is open and has nothing to read.
bool is_quiet(int fd);

} // namespace brigade::net::detail
