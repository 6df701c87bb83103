/// One line of text for each thing that happens in a simulated world.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/fault_plan.hpp"
#include "brigade/testkit/served_call.hpp"

#include <string>

namespace brigade::sim {

std::string trace_of_order(const core::run_order& order);
std::string trace_of_event(const core::run_id& run, const core::event& e);
std::string trace_of_arrival(const testkit::served_call& line);
std::string trace_of_end(const testkit::served_call& line);
std::string trace_of_fault(testkit::fault f);

} // namespace brigade::sim
