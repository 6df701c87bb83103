/// The keys of a crew file. Each stands once, with its type, range, default
/// and description, and the check, the messages, the documentation and the
/// JSON Schema are made from that.
#pragma once

#include "brigade/config/detail/context.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

enum class key_type : std::uint8_t {
  /// A string; `min` and `max` are bytes.
  text,
  /// A string that is taken verbatim.
  prompt,
  /// One of `choices`.
  choice,
  boolean,
  /// `min` to `max`.
  integer,
  /// A number with at most three decimals; `min` and `max` in thousandths.
  thousandths,
  /// Dollars; `min` and `max` in pico-dollars.
  cost,
  /// Dollars per million tokens; `min` and `max` in pico-dollars per token.
  price,
  /// `env:NAME` or `file:PATH`.
  secret,
  /// A table of strings.
  headers,
  /// A table that becomes a JSON object.
  json,
  /// An array of integers from `min` to `max`.
  integers,
  /// An array of at most `texts_items_max` strings of `min` to `max` bytes.
  texts,
  /// An array of tables with keys of their own.
  tables,
};

inline constexpr std::size_t texts_items_max = 256;

struct key_doc {
  std::string_view name;
  key_type type = key_type::text;
  bool required = false;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::span<const std::string_view> choices = {};
  /// As it would be written in the file; empty: nothing.
  std::string_view fallback = {};
  std::string_view description = {};
};

/// A value that passed the checks of its key. Messages show `from->text`, as
/// it was typed, and never `text`: a variable may hold a secret.
struct value {
  const node* from = nullptr;
  place where;
  /// Text, prompts and choices; variables are replaced except in prompts.
  std::string text;
  /// Integers, thousandths, pico-dollars.
  std::int64_t number = 0;
  bool flag = false;
  std::vector<int> numbers;
  /// One for each of `from->items`; variables are replaced.
  std::vector<std::string> texts;
};

/// A table of a file with its keys.
struct section_doc {
  /// `limits`, `models.NAME`, `models.NAME.tiers`.
  std::string_view path;
  bool required = false;
  std::string_view description;
  std::vector<key_doc> keys;
};

/// Checks type and range; reports what is wrong. `path` is the section as the
/// user writes it: `limits`, `models.fast`. Values of the types `secret`,
/// `headers`, `json` and `tables` are only checked for their outer form.
std::optional<value> read_value(const context& ctx, const key_doc& key,
                                std::string_view path, const node& from);

/// `an integer`, `"llm" or "merge"`, ...: what a key takes.
std::string type_text(const key_doc& key);

/// `1 to 64`, or empty.
std::string range_text(const key_doc& key);

/// Reports an unknown key with the nearest valid one, or with the section
/// where a key of this name belongs.
void fail_unknown_key(const context& ctx, std::string_view path,
                      const member& found,
                      const std::vector<std::string_view>& known);

/// What the documentation says of these keys.
template <class Keys>
std::vector<key_doc> docs_of(const Keys& keys) {
  std::vector<key_doc> result;
  for (const auto& key : keys)
    result.push_back(key.doc);
  return result;
}

/// A key and where its value goes.
template <class Target>
struct key_spec {
  key_doc doc;
  void (*set)(Target&, value&&);
};

/// Reads a table into `target`: every key, all faults. False when `from` is
/// not a table.
template <class Target>
bool read_section(const context& ctx, std::string_view path, const node& from,
                  std::span<const key_spec<Target>> keys, Target& target) {
  if (from.kind != node_kind::table) {
    ctx.faults.fail(from.where, std::string{path} + " must be a table, not "
                                    + std::string{to_string(from.kind)});
    return false;
  }
  std::vector<std::string_view> known;
  for (const auto& key : keys) {
    known.push_back(key.doc.name);
    if (key.doc.required && from.find(key.doc.name) == nullptr)
      ctx.faults.fail(from.where, "[" + std::string{path} + "] needs "
                                      + std::string{key.doc.name} + ": "
                                      + std::string{key.doc.description});
  }
  for (const auto& m : from.members) {
    const key_spec<Target>* spec = nullptr;
    for (const auto& key : keys)
      if (key.doc.name == m.key)
        spec = &key;
    if (spec == nullptr)
      fail_unknown_key(ctx, path, m, known);
    else if (auto read = read_value(ctx, spec->doc, path, m.value))
      spec->set(target, std::move(*read));
  }
  return true;
}

} // namespace brigade::config::detail
