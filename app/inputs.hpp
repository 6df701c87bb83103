/// Loads the documents of a run from files.
#pragma once

#include "brigade/core/policy/limits.hpp"
#include "brigade/core/run/input.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::app {

/// The bytes of a regular file, or a sentence without a subject that says why
/// not and what to do: `is a directory; give the files in it`.
struct read_fault {
  std::string message;
};

/// Reads a regular file of at most `bytes_max` bytes. Directories, pipes and
/// devices are refused without blocking on them.
std::variant<std::string, read_fault> read_file(const std::string& path,
                                                std::uint64_t bytes_max);

struct loaded_inputs {
  /// `doc1`, `doc2`, ... in the order of the paths, named as they were given.
  /// Null when there are faults.
  core::input_set_ptr documents;
  /// One line for each path that cannot be used: `PATH: what; what to do`.
  std::vector<std::string> faults;
};

/// Loads every path, or says of all that cannot be loaded why. A byte order
/// mark is dropped; line ends stay as they are.
loaded_inputs load_inputs(const std::vector<std::string>& paths,
                          const core::limits& bounds);

/// `16 MiB`, `1.5 KiB`, `12 bytes`.
std::string display_bytes(std::uint64_t bytes);

/// Whether both paths exist and name the same file.
bool is_same_file(const std::string& a, const std::string& b);

/// Drops a leading UTF-8 byte order mark.
void strip_byte_order_mark(std::string& text);

} // namespace brigade::app
