/// Tables that the user names: `[models.fast]`, `[crews.market]`.
#pragma once

#include "brigade/config/detail/key.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

inline constexpr std::size_t tables_max = 100;

inline std::string path_of(std::string_view section, std::string_view name) {
  return std::string{section} + "." + std::string{name};
}

/// Reports every top-level key that is not the first part of a section's path.
inline void check_tables(const context& ctx, const node& root,
                         const std::vector<section_doc>& sections) {
  std::vector<std::string_view> known;
  for (const auto& section : sections) {
    const auto name = section.path.substr(0, section.path.find('.'));
    if (known.empty() || known.back() != name)
      known.push_back(name);
  }
  for (const auto& m : root.members)
    if (std::find(known.begin(), known.end(), m.key) == known.end())
      fail_unknown_key(ctx, "", m, known);
}

/// Calls `read(name, table)` for each `[section.NAME]`.
template <class Read>
void for_each_named(const context& ctx, const node& root,
                    std::string_view section, Read read) {
  const auto* from = root.find(section);
  if (from == nullptr)
    return;
  if (from->kind != node_kind::table) {
    ctx.faults.fail(from->where, std::string{section} + " must hold tables: ["
                                     + std::string{section} + ".NAME]");
    return;
  }
  if (from->members.size() > tables_max) {
    ctx.faults.fail(from->where, "more than " + std::to_string(tables_max)
                                     + " tables in " + std::string{section});
    return;
  }
  for (const auto& m : from->members) {
    if (!is_name(m.key)) {
      ctx.faults.fail(m.where, "bad name " + quoted(m.key)
                                   + ": a name is 1 to 64 of the characters "
                                     "A-Z a-z 0-9 _ . -");
      continue;
    }
    read(m.key, m.value);
  }
}

} // namespace brigade::config::detail
