/// When a provider wants to be asked again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace brigade::net {

/// A longer wait than a day is cut to a day: whoever decides on retries
/// compares it with a deadline, and nothing here may overflow.
inline constexpr std::int64_t retry_after_ms_max = 86'400'000;

/// The wait that the headers ask for. `retry-after-ms` (milliseconds, with or
/// without decimals) wins over `retry-after` (seconds, with or without
/// decimals, or an HTTP date, which `now_unix_s` turns into a wait). Nothing
/// when both are absent or unreadable; a date in the past is 0.
std::optional<std::int64_t> parse_retry_after(std::string_view retry_after_ms,
                                              std::string_view retry_after,
                                              std::int64_t now_unix_s);

/// Reads the preferred form of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`
/// (RFC 9110, section 5.6.7), as seconds since 1970. The obsolete forms are
/// not read.
std::optional<std::int64_t> parse_http_date(std::string_view text);

} // namespace brigade::net
