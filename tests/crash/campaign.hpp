/// Runs of the real program that are killed at seeded moments and go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace brigade::crash {

struct seed_result {
  std::size_t kills = 0;
  /// Of those kills, the ones that found calls in flight.
  std::size_t kills_in_flight = 0;
  std::size_t in_doubt = 0;
  /// What was broken; empty: nothing.
  std::vector<std::string> faults;
  /// What happened, a line each.
  std::vector<std::string> story;
};

/// One run undisturbed and one that is killed; both must end the same.
seed_result run_seed(const std::string& brigade, std::uint64_t seed);

} // namespace brigade::crash
