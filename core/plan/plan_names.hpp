/// How names are shown in faults: bounded, on one line, with the nearest valid
/// one (rule S5 lets ids through, but not whatever calls itself an id).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

inline constexpr std::size_t shown_name_bytes_max = 64;
inline constexpr std::size_t shown_names_max = 32;

/// The name in backticks, without control characters and backticks, cut to
/// `shown_name_bytes_max` bytes at a character's border.
std::string shown_name(std::string_view name);

/// `` `a`, `b`, `c` ``; at most `shown_names_max` of them, then how many more.
std::string shown_names(const std::vector<std::string_view>& names);

/// The candidate that is nearest to a misspelt name, or empty when none is
/// near: upper and lower case do not count, and at most a third of the name
/// may differ. The first one wins a tie.
std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates);

} // namespace brigade::core
