/// Finds out which of a seed's faults it takes to break a rule.
#pragma once

#include "simulation.hpp"

#include <cstdint>

namespace brigade::sim {

struct shrunken {
  /// The faults that are left; without any one of them the rule holds.
  testkit::fault_set faults;
  /// The simulation with these faults only.
  simulation_result result;
};

/// Masks off one kind of fault after the other and keeps it off where the same
/// rule is still broken. `failed` is what `simulate` returned, with at least
/// one violation. Takes about as many simulations as there are faults, twice.
shrunken shrink(std::uint64_t seed, simulation_options options,
                simulation_result failed);

/// `silence, worker_crash`; `none`.
std::string names_of(const testkit::fault_set& faults);

} // namespace brigade::sim
