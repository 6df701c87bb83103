/// What one seed simulates: crews, orders, a process ceiling, price lists and
/// what the models answer. A pure function of the seed.
#pragma once

#include "brigade/actors/brigade.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/fault_plan.hpp"
#include "brigade/testkit/scripted_provider.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace brigade::sim {

struct scenario_options {
  /// Subtasks of each plan that is not nested; nothing: 1 to 12.
  std::optional<std::uint32_t> tasks;
};

/// The name under which the crews know their provider.
inline constexpr const char* provider_name = "p";

struct planned_order {
  core::run_order order;
  /// When it is submitted, after the start.
  std::chrono::milliseconds at{0};
};

struct scenario {
  std::vector<planned_order> orders;
  core::allowance process_ceiling = core::allowance::max();
  std::uint32_t runs_max = 4096;
  std::uint32_t queue_max = 4096;
  actors::gateway_options gateway;
  /// By the models' aliases, which no two crews share.
  std::map<std::string, testkit::tariff> tariffs;
  /// Subtasks of the plans of a model's crew, by the model's alias.
  std::map<std::string, std::uint32_t> plan_sizes;
  /// Processes die: then models answer the same request in the same way, so
  /// that lives can be compared.
  bool mortal = false;
  /// For what came later than the others, so that those stay as they were.
  testkit::seeded more{0};
};

scenario make_scenario(std::uint64_t seed, const scenario_options& options);

/// What the models of a scenario answer where no fault strikes. The scenario
/// must outlive it.
testkit::script make_script(std::uint64_t seed, const scenario& what);

} // namespace brigade::sim
