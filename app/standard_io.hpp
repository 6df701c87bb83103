/// Writing to stdout and stderr without streams, and what can go wrong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

enum class write_status {
  ok,
  /// The reader went away (EPIPE): nobody is left to be told.
  closed,
  /// `errno` says why.
  failed,
};

/// Writes all of `bytes`, however long it takes.
write_status write_all(int fd, std::string_view bytes);

/// Each line with a line end to stderr, in one write. Errors are ignored:
/// there is no other place to tell them.
void tell(const std::vector<std::string>& lines);

} // namespace brigade::app
