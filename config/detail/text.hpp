/// Text for messages, and the nearest valid name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

/// `text`, safe for a terminal: all but printable ASCII becomes `?`, and what
/// is longer than 64 bytes is cut.
std::string printable(std::string_view text);

/// The same in double quotes.
std::string quoted(std::string_view text);

/// `a, b or c`, each quoted; at most 12 of them.
std::string quoted_list(const std::vector<std::string_view>& names);

/// The name that `typed` was most likely meant to be, or empty. The distance
/// may be a third of the longer length: a typo, not another word.
std::string_view nearest(std::string_view typed,
                         const std::vector<std::string_view>& names);

/// `: did you mean "cost_usd"?` or, when nothing is near, the names.
std::string suggestion(std::string_view typed,
                       const std::vector<std::string_view>& names);

/// Whether `name` is `[A-Za-z0-9_.-]{1,64}`: what a table may be called.
bool is_name(std::string_view name);

/// `text` without blanks and line ends around it.
std::string_view trimmed(std::string_view text);

} // namespace brigade::config::detail
