/// Points in time as people and programs read them. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace brigade::app {

/// `2026-11-01T12:30:05.120Z` (RFC 3339, UTC) of a Unix time in ms.
std::string rfc3339(std::int64_t wall_ms);

/// `2026-11-01 12:30:05 UTC`.
std::string display_time(std::int64_t wall_ms);

/// How long ago, in one unit: `12s`, `3m`, `5h`, `40d`. What lies in the
/// future, for clocks differ, is `0s`.
std::string display_age(std::int64_t wall_ms, std::int64_t now_wall_ms);

/// The clock of this machine, as a Unix time in ms.
std::int64_t now_wall_ms();

} // namespace brigade::app
