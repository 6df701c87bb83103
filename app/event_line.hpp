/// One event as one line: its number, its time, its name and what matters of
/// it. Pure.
#pragma once

#include "brigade/core/run/event.hpp"

#include <cstddef>
#include <string>

namespace brigade::app {

/// `   12     3.2s  task.failed           t3 timed_out: no answer`; cut to
/// `columns`, unless they are 0. Safe to print.
std::string event_line(const core::event& e, std::size_t columns, bool ascii);

} // namespace brigade::app
