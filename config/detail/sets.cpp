// `--set KEY=VALUE`: one value of a crew file from the command line.
#include "brigade/config/detail/context.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <cstddef>

namespace brigade::config::detail {

namespace {

constexpr std::size_t sets_max = 200;
constexpr std::size_t value_bytes_max = 65'536;
constexpr std::size_t path_parts_max = 8;

struct split_set {
  std::vector<std::string> path;
  /// As typed, without blanks around it: `limits.cost_usd`.
  std::string_view key;
  std::string_view value;
};

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Splits `a."b.c".d = value`; nothing when it has another form.
std::optional<split_set> split(std::string_view text) {
  split_set result;
  std::size_t pos = 0;
  while (result.path.size() < path_parts_max) {
    const auto begin = pos;
    if (pos < text.size() && (text[pos] == '"' || text[pos] == '\'')) {
      const auto end = text.find(text[pos], pos + 1);
      if (end == std::string_view::npos)
        return std::nullopt;
      result.path.emplace_back(text.substr(pos + 1, end - pos - 1));
      pos = end + 1;
    } else {
      while (pos < text.size() && is_bare(text[pos]))
        ++pos;
      if (pos == begin)
        return std::nullopt;
      result.path.emplace_back(text.substr(begin, pos - begin));
    }
    if (pos < text.size() && text[pos] == '.') {
      ++pos;
      continue;
    }
    const auto key_end = pos;
    while (pos < text.size() && text[pos] == ' ')
      ++pos;
    if (pos >= text.size() || text[pos] != '=')
      return std::nullopt;
    result.key = text.substr(0, key_end);
    result.value = text.substr(pos + 1);
    return result;
  }
  return std::nullopt;
}

/// A TOML value when the text is one, else the text itself.
node read_set_value(std::string_view text) {
  const std::string typed{trimmed(text)};
  auto parsed = read_toml("v = " + typed, 0);
  node result;
  if (parsed.root && parsed.root->members.size() == 1)
    result = std::move(parsed.root->members[0].value);
  if (parsed.root && result.kind == node_kind::text)
    return result;
  if (!parsed.root || parsed.root->members.size() != 1
      || result.kind == node_kind::date)
    result.kind = node_kind::text;
  result.text = typed;
  return result;
}

/// Line and column of a `--set` mean nothing to people.
void set_places(node& n, place where) {
  n.where = where;
  for (auto& item : n.items)
    set_places(item, where);
  for (auto& m : n.members) {
    m.where = where;
    set_places(m.value, where);
  }
}

void apply(context& ctx, node& root, const split_set& set, place where) {
  node* table = &root;
  for (std::size_t i = 0; i + 1 < set.path.size(); ++i) {
    auto* found = table->find_member(set.path[i]);
    if (found == nullptr) {
      table->members.push_back({set.path[i], where, {}});
      found = &table->members.back();
      found->value.where = where;
    }
    if (found->value.kind != node_kind::table) {
      ctx.faults.fail(where, quoted(set.path[i]) + " is "
                                 + std::string{to_string(found->value.kind)}
                                 + " in the file, not a table");
      return;
    }
    table = &found->value;
  }
  const auto& last = set.path.back();
  // A prompt from the command line replaces the file's, in either form.
  const std::string_view rival = last == "prompt"        ? "prompt_file"
                                 : last == "prompt_file" ? "prompt"
                                                         : "";
  std::erase_if(table->members, [rival, &last](const member& m) {
    return m.key == last || (!rival.empty() && m.key == rival);
  });
  table->members.push_back({last, where, read_set_value(set.value)});
  set_places(table->members.back().value, where);
}

} // namespace

void apply_sets(context& ctx, node& root) {
  const auto& sets = ctx.options.sets;
  if (sets.size() > sets_max)
    ctx.faults.fail({ctx.faults.add_source("--set"), 0, 0},
                    "given more than " + std::to_string(sets_max) + " times");
  for (std::size_t i = 0; i < std::min(sets.size(), sets_max); ++i) {
    const auto set = split(sets[i]);
    // What is not KEY=VALUE is not repeated: it may be a key.
    if (!set) {
      ctx.faults.fail({ctx.faults.add_source("--set"), 0, 0},
                      "number " + std::to_string(i + 1)
                          + " is not KEY=VALUE, such as limits.cost_usd=0.10");
      continue;
    }
    const place where{ctx.faults.add_source("--set " + printable(set->key)), 0,
                      0};
    if (set->value.size() > value_bytes_max)
      ctx.faults.fail(where, "the value is larger than "
                                 + std::to_string(value_bytes_max) + " bytes");
    else
      apply(ctx, root, *set, where);
  }
}

} // namespace brigade::config::detail
