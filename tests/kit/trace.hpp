/// One line of text for each thing that happens in a simulated world.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"
#include "brigade/testkit/fault_plan.hpp"
#include "brigade/testkit/served_call.hpp"

#include <string>

namespace brigade::testkit {

/// Cut after 600 bytes.
std::string trace_of_event(const core::run_id& run, const core::event& e);
std::string trace_of_arrival(const served_call& line);
std::string trace_of_end(const served_call& line);
std::string trace_of_fault(fault f);

} // namespace brigade::testkit
