/// Many seeds in several processes, so that a seed that crashes is found too.
#pragma once

#include "simulation.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace brigade::sim {

struct campaign_options {
  /// Both included.
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 1;
  std::uint32_t jobs = 1;
  /// Keep the hash of each seed.
  bool hashes = false;
  simulation_options simulation;
  /// Called from time to time with the number of seeds done and the rate in
  /// seeds a minute.
  std::function<void(std::uint64_t, double)> progress;
};

struct campaign_result {
  std::uint64_t seeds = 0;
  std::uint64_t messages = 0;
  std::uint64_t calls = 0;
  std::uint64_t runs = 0;
  std::array<std::uint64_t, end_count> ends{};
  /// Of all seeds together, in whatever order they ran.
  std::uint64_t hash = 0;
  /// By seed, when they were wanted.
  std::vector<std::uint64_t> hashes;
  /// Seeds in which each fault happened.
  std::array<std::uint64_t, testkit::fault_count> faults{};
  std::chrono::duration<double> wall{0};
  /// Processor time of all jobs: what counts on a machine that is shared.
  std::chrono::duration<double> cpu{0};
  /// Resident memory in KiB of a job after its first thousand seeds and at its
  /// end, of the job that grew most; 0 where a job had fewer.
  std::uint64_t early_kib = 0;
  std::uint64_t late_kib = 0;
  /// The first seed that broke a rule or its process, if any.
  std::optional<std::uint64_t> failed_seed;
  /// What is to be said about it.
  std::string failure;
};

/// Stops early at the first seed that fails; the seeds below it are all done
/// then, so that the same seed is found whatever `jobs` is.
campaign_result run_campaign(const campaign_options& options);

/// What broke, with the faults that it takes and how to see it again.
std::string describe_failure(std::uint64_t seed,
                             const simulation_options& options,
                             simulation_result failed);

} // namespace brigade::sim
