/// Reads one JSON value at the start of a text, strictly: RFC 8259, bounded
/// depth, no key twice in an object.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// Objects and arrays inside one another that are read. Deeper documents are
/// refused, because every reader of a document recurses.
inline constexpr std::size_t json_depth_max = 32;

enum class json_error : std::uint8_t {
  none,
  /// The text ends inside the value.
  incomplete,
  syntax,
  /// Deeper than it may be.
  too_deep,
  /// An object holds a key twice, so that readers could disagree.
  duplicate_key,
};

struct json_reading {
  /// Set when `error` is `none`.
  std::optional<boost::json::value> value;
  json_error error = json_error::none;
  /// Behind the value, or where the reader stopped.
  std::size_t end = 0;
  /// The key that stands twice.
  std::string key;
};

struct json_rules {
  std::size_t depth_max = json_depth_max;
  /// Names of files and messages of servers hold what they hold: a document of
  /// our own may have bytes that are not UTF-8.
  bool allow_invalid_utf8 = false;
};

/// Reads the value that starts at `text[0]`; whatever follows it is not looked
/// at. The value's memory comes from `storage`.
json_reading read_json_prefix(std::string_view text,
                              boost::json::storage_ptr storage = {},
                              const json_rules& rules = {});

/// The same, but nothing may follow the value except whitespace.
json_reading read_json(std::string_view text,
                       boost::json::storage_ptr storage = {},
                       const json_rules& rules = {});

} // namespace brigade::core
