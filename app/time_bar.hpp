/// The attempts of one subtask as a bar on a scale that all subtasks share.
/// Pure.
#pragma once

#include "brigade/core/run/history.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace brigade::app {

/// `cells` columns from 0 to `total_ms`: full where an attempt worked that
/// brought a result or still does, shaded where one worked that did not, dotted
/// in between. Each attempt is seen, however short. No trailing spaces.
std::string time_bar(const std::vector<core::attempt_history>& attempts,
                     std::int64_t total_ms, std::size_t cells, bool ascii);

/// The scale under the bars: `0s ... 12.4s`.
std::string time_scale(std::int64_t total_ms, std::size_t cells);

} // namespace brigade::app
