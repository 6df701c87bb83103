/// One seed: whole runs through the real actors and core, under virtual time,
/// with every rule checked. Only provider, clock and journal back end are
/// swapped.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_state.hpp"
#include "brigade/testkit/checkers.hpp"
#include "brigade/testkit/fault_plan.hpp"

#include "scenario.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace brigade::sim {

struct simulation_options {
  scenario_options scenario;
  /// Faults that may be drawn.
  testkit::fault_set allowed = testkit::all_faults();
  /// For tests of the simulator: a fault that counts as a broken rule.
  std::optional<testkit::fault> planted;
  /// Gets a line for each event, served call and fault; empty: no trace.
  std::function<void(const std::string&)> trace;
  /// Gets each event when it is durable, and is told when the process has died
  /// and the next one begins; may be empty.
  std::function<void(const core::run_id&, const core::event&)> on_event;
  std::function<void()> on_next_process;
};

/// How an order can end: as a `core::run_status` says, or refused.
inline constexpr std::size_t refused_order =
    static_cast<std::size_t>(core::run_status::suspended) + 1;
inline constexpr std::size_t end_count = refused_order + 1;

struct simulation_result {
  /// The same for the same seed and options, on any machine.
  std::uint64_t hash = 0;
  std::vector<testkit::violation> violations;
  /// Which faults happened, and how often.
  testkit::fault_set faults;
  std::string fault_text;
  std::uint64_t messages = 0;
  std::uint64_t calls = 0;
  std::uint64_t runs = 0;
  /// Processes, those that died and the last one.
  std::uint32_t processes = 1;
  /// The order of some run was another one when it went on.
  bool varied = false;
  /// How the orders ended, as the journal tells.
  std::vector<core::run_state> ended;
  /// Orders by their end.
  std::array<std::uint64_t, end_count> ends{};
};

simulation_result simulate(std::uint64_t seed,
                           const simulation_options& options);

} // namespace brigade::sim
