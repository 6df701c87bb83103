// The only file that sees the TOML library, header-only and without
// exceptions: the system's shared library is built with them, and linking it
// would cost every start of the program.
//
// The library asserts what hostile text can break: `[>` reaches an assertion,
// which aborts a debug build and, being an assumption of the optimiser, is
// undefined in a release build (found by the tests of this file). Without
// either, its next line reports the error. It keeps our TOML_ASSERT only while
// NDEBUG is not defined.
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
// The same as `nesting_max`; checked below.
#define TOML_MAX_NESTED_VALUES 32

#include "brigade/config/detail/node.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace brigade::config::detail {

static_assert(TOML_MAX_NESTED_VALUES == nesting_max);

namespace {

/// Finds a dotted key with more than `nesting_max` parts before the library
/// sees it: the library builds and destroys one table for each part by
/// recursion, without a limit. Knows just enough TOML to pass over strings and
/// comments.
class key_depth_scan {
public:
  explicit key_depth_scan(std::string_view text) : text_(text) {
    // nop
  }

  /// The offset of the first key that is too deep, or `npos`.
  std::size_t run() {
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '#') {
        pos_ = std::min(text_.find('\n', pos_), text_.size());
      } else {
        if (c == '.')
          ++dots_;
        else if (!is_bare(c) && c != ' ' && c != '\t')
          dots_ = 0;
        if (dots_ >= nesting_max)
          return pos_;
        ++pos_;
      }
    }
    return std::string_view::npos;
  }

private:
  static bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-' || (c & 0x80);
  }

  bool quotes_here(char quote, std::size_t count) const {
    return text_.substr(pos_, count) == std::string(count, quote);
  }

  void skip_string(char quote) {
    const bool many_lines = quotes_here(quote, 3);
    pos_ += many_lines ? 3 : 1;
    for (; pos_ < text_.size(); ++pos_) {
      if (quote == '"' && text_[pos_] == '\\') {
        ++pos_;
      } else if (!many_lines && (text_[pos_] == quote || text_[pos_] == '\n')) {
        ++pos_;
        return;
      } else if (many_lines && quotes_here(quote, 3)) {
        pos_ += 3;
        // The last one or two quotes may belong to the text.
        for (int i = 0; i < 2 && quotes_here(quote, 1); ++i)
          ++pos_;
        return;
      }
    }
    pos_ = text_.size();
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::uint32_t dots_ = 0;
};

place place_at(std::string_view text, std::size_t offset,
               std::uint32_t source) {
  place result{source, 1, 1};
  for (char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++result.line;
      result.column = 1;
    } else if ((c & 0xc0) != 0x80) {
      ++result.column;
    }
  }
  return result;
}

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (std::uint32_t i = 1; i < number; ++i)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

/// The library quotes what it read, which must not be a key.
bool may_hold_secret(std::string_view line) {
  std::string lower{line};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  for (std::string_view word : {"key", "auth", "token", "secret", "sk-"})
    if (lower.find(word) != std::string::npos)
      return true;
  return false;
}

/// "Error while parsing string: reason" becomes " while parsing string: ...".
std::string described(std::string_view error) {
  constexpr std::string_view prefix = "Error while ";
  if (!error.starts_with(prefix))
    return ": " + std::string{error};
  return " while " + std::string{error.substr(prefix.size())};
}

class converter {
public:
  explicit converter(std::uint32_t source) : source_(source) {
    // nop
  }

  bool convert(const toml::node& from, node& to, std::uint32_t depth) {
    to.where = at(from.source());
    if (++nodes_ > nodes_max)
      return fail(to.where, "more than " + std::to_string(nodes_max)
                                + " values in one file");
    if (depth > nesting_max)
      return fail(to.where, "nested deeper than " + std::to_string(nesting_max)
                                + " levels");
    switch (from.type()) {
    case toml::node_type::table:
      to.kind = node_kind::table;
      return convert_table(*from.as_table(), to, depth);
    case toml::node_type::array:
      to.kind = node_kind::array;
      for (const auto& item : *from.as_array())
        if (!convert(item, to.items.emplace_back(), depth + 1))
          return false;
      return true;
    case toml::node_type::string:
      to.kind = node_kind::text;
      to.text = from.as_string()->get();
      return true;
    case toml::node_type::integer:
      to.kind = node_kind::integer;
      to.integer = from.as_integer()->get();
      return true;
    case toml::node_type::floating_point:
      to.kind = node_kind::number;
      to.number = from.as_floating_point()->get();
      return true;
    case toml::node_type::boolean:
      to.kind = node_kind::boolean;
      to.flag = from.as_boolean()->get();
      return true;
    default:
      to.kind = node_kind::date;
      return true;
    }
  }

  document error() && { return std::move(error_); }

private:
  place at(const toml::source_region& region) const {
    return {source_, region.begin.line, region.begin.column};
  }

  bool convert_table(const toml::table& from, node& to, std::uint32_t depth) {
    to.members.reserve(from.size());
    for (const auto& [key, value] : from) {
      auto& added = to.members.emplace_back();
      added.key = std::string{key.str()};
      added.where = at(key.source());
      if (!convert(value, added.value, depth + 1))
        return false;
    }
    // The library sorts keys by name; people mean the order they wrote.
    std::stable_sort(to.members.begin(), to.members.end(),
                     [](const member& lhs, const member& rhs) {
                       return lhs.where < rhs.where;
                     });
    return true;
  }

  bool fail(place where, std::string message) {
    error_.where = where;
    error_.error = std::move(message);
    return false;
  }

  std::uint32_t source_;
  std::uint32_t nodes_ = 0;
  document error_;
};

} // namespace

std::string_view to_string(node_kind kind) {
  switch (kind) {
  case node_kind::text:
    return "a string";
  case node_kind::integer:
    return "an integer";
  case node_kind::number:
    return "a number with a point";
  case node_kind::boolean:
    return "true or false";
  case node_kind::date:
    return "a date or time";
  case node_kind::array:
    return "an array";
  case node_kind::table:
    break;
  }
  return "a table";
}

const node* node::find(std::string_view key) const {
  for (const auto& m : members)
    if (m.key == key)
      return &m.value;
  return nullptr;
}

member* node::find_member(std::string_view key) {
  for (auto& m : members)
    if (m.key == key)
      return &m;
  return nullptr;
}

document read_toml(std::string_view text, std::uint32_t source) {
  document result;
  if (const auto deep = key_depth_scan{text}.run();
      deep != std::string_view::npos) {
    result.where = place_at(text, deep, source);
    result.error =
        "a dotted key has more than " + std::to_string(nesting_max) + " parts";
    return result;
  }
  const auto parsed = toml::parse(text);
  if (!parsed) {
    const auto& error = parsed.error();
    const auto begin = error.source().begin;
    result.where = {source, begin.line, begin.column};
    result.error = "not valid TOML";
    if (!may_hold_secret(line_of(text, begin.line)))
      result.error += described(error.description());
    else
      result.error += " (the line may hold a secret and is not shown): is the "
                      "value in quotes?";
    return result;
  }
  converter convert{source};
  node root;
  if (!convert.convert(parsed.table(), root, 0))
    return std::move(convert).error();
  result.root = std::move(root);
  return result;
}

} // namespace brigade::config::detail
