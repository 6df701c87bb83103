/// What is wrong with a JSON document, and where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace brigade::core {

struct read_fault {
  /// JSON Pointer into the document; empty: the document itself.
  std::string pointer;
  /// A sentence without its subject: `must be a string`. Holds no control
  /// character.
  std::string message;

  /// The value with the fault is a member, or an element, of another one.
  void within(std::string_view key);
  void within(std::size_t index);

  friend bool operator==(const read_fault&, const read_fault&) = default;
};

/// `/a/b: must be a string`.
std::string to_string(const read_fault& fault);

/// A key of a document as text between quotes: escaped, ASCII, cut to a
/// sensible length.
std::string quoted_key(std::string_view key);

} // namespace brigade::core
