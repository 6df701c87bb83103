/// Text from a server on its way into a message for people: cleaned, with
/// secrets masked, cut.
#pragma once

#include "brigade/core/policy/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::net {

/// The longest excerpt of a server's own words in a message.
inline constexpr std::size_t upstream_message_bytes_max = 300;

/// Shorter secrets are not looked for: they would match by accident.
inline constexpr std::size_t masked_secret_bytes_min = 6;

/// Secrets to look for. A list and not one, because extra headers may hold
/// keys too.
using secret_list = std::vector<core::secret>;

/// Replaces every occurrence of a secret in `text` by `***`.
void mask_secrets(std::string& text, const secret_list& secrets);

/// Valid UTF-8 without control characters, each run of which becomes one
/// space, with secrets masked, of at most `bytes_max` bytes. `...` marks a
/// cut.
std::string clean_upstream(std::string_view text, const secret_list& secrets,
                           std::size_t bytes_max = upstream_message_bytes_max);

} // namespace brigade::net
