/// The time of day, for people and for the day's ceilings.
#pragma once

#include <cstdint>

namespace brigade::app {

/// Unix time in ms.
std::int64_t wall_clock_ms();

} // namespace brigade::app
