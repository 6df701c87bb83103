/// The line of a trace for an order; all others are the test kit's.
#pragma once

#include "brigade/core/run/run_machine.hpp"

#include <string>

namespace brigade::sim {

std::string trace_of_order(const core::run_order& order);

} // namespace brigade::sim
