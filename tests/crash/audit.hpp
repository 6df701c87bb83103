/// Compares a run's journal with the books of the provider.
#pragma once

#include "provider.hpp"

#include "brigade/core/run/event.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::crash {

/// Calls whose end is not written down.
std::size_t calls_in_flight(const std::vector<core::event_ptr>& log);

/// What `run.finished` says, or empty.
std::string answer_of(const std::vector<core::event_ptr>& log);

/// Whether `run.finished` is there.
bool has_ended(const std::vector<core::event_ptr>& log);

/// What does not fit; empty: all does. `in_flight` is how many calls were in
/// flight at all kills together.
std::vector<std::string> audit(const std::vector<core::event_ptr>& log,
                               const std::vector<receipt>& books,
                               std::size_t in_flight);

} // namespace brigade::crash
