/// A TOML document with the place of each key and value, in source order. The
/// rest of `config` works on it, so that a single file knows the TOML library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

/// Where something stands.
struct place {
  /// 0: the crew file; n: the n-th `--set`.
  std::uint32_t source = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend auto operator<=>(const place&, const place&) = default;
};

enum class node_kind : std::uint8_t {
  text,
  integer,
  number,
  boolean,
  /// Dates and times, which no key takes.
  date,
  array,
  table,
};

/// As messages name it: `a string`, `an integer`, ...
std::string_view to_string(node_kind kind);

struct member;

struct node {
  node_kind kind = node_kind::table;
  place where;
  /// The string; for any value from `--set`, the text as it was typed.
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  bool flag = false;
  std::vector<node> items;
  std::vector<member> members;

  /// The value of a table's key, or null.
  const node* find(std::string_view key) const;
  member* find_member(std::string_view key);
};

struct member {
  std::string key;
  place where;
  node value;
};

inline constexpr std::uint32_t nodes_max = 20'000;
/// Tables and arrays inside each other, and parts of a dotted key.
inline constexpr std::uint32_t nesting_max = 32;

struct document {
  /// Unset when `error` is set.
  std::optional<node> root;
  place where;
  std::string error;
};

/// Parses TOML text. `source` goes into all places.
document read_toml(std::string_view text, std::uint32_t source);

} // namespace brigade::config::detail
