/// A crew of one's own through seeds of faults: whole runs by the real actors,
/// under virtual time, with every rule checked after each step.
///
///     fault_test test;
///     test.order.goal = "Compare the three offers";
///     test.order.crew = crew;
///     test.answers = [](const scripted_call& call) { return reply("..."); };
///     const auto failure = first_failure(test, 1, 1000);
#pragma once

#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/checkers.hpp"
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/fault_plan.hpp"
#include "brigade/testkit/scripted_provider.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace brigade::testkit {

struct fault_test {
  /// What is run. Without an id each seed makes one. A scripted provider stands
  /// in for each provider of the crew and of the crews nested in it, and bills
  /// by the prices of their models, whose aliases must not differ in price.
  core::run_order order;
  /// What the models answer where no fault strikes. Is asked anew in each seed,
  /// so it should not keep anything from one call to the next.
  script answers;
  /// Faults that may be drawn.
  fault_set allowed = all_faults();
  /// Changes what the runs are run with: limits of gateways, a ceiling of the
  /// whole process. May be empty.
  std::function<void(actors::brigade_options&)> configure;
  /// Without any fault the run must succeed, or the faults would strike
  /// nothing; `first_failure` looks at that first.
  bool must_succeed_without_faults = true;
  /// What is wrong with how a run ended, beyond the rules; empty text: nothing.
  /// May be empty itself.
  std::function<std::string(const core::run_report&)> expect;
  /// Gets a line for each event, try and fault; empty: no trace.
  std::function<void(const std::string&)> trace;
};

struct seed_result {
  /// How the run ended, or why its order was refused.
  pending_run end;
  /// Empty: all is well. The rule of `expect` is named `expect`.
  std::vector<violation> violations;
  /// The faults that happened, and how often: `silence x3, cancel x1`.
  fault_set faults;
  std::string fault_text;
  /// The provider's own ledger.
  std::vector<served_call> served;
  /// Of everything that happened (rule H4).
  std::uint64_t hash = 0;
};

/// One seed. The same test and seed give the same result, on any machine.
/// Throws what the script threw, and `std::invalid_argument` for a test without
/// a crew or answers.
seed_result run_seed(const fault_test& test, std::uint64_t seed);

struct failed_seed {
  std::uint64_t seed = 0;
  /// What it takes to break the rule that was broken first: without any one of
  /// them it holds.
  fault_set needed;
  /// With these faults only.
  seed_result result;
  /// A line for each violation, with the seed and the rule, and one with the
  /// faults.
  std::string text;
};

/// The first seed that breaks a rule, from `first` to `last`, both included; a
/// run that does not succeed without faults counts as one. Some seeds are run
/// twice (rule H4).
/// Its faults are shrunken, which takes about as many runs as there are faults,
/// twice.
std::optional<failed_seed>
first_failure(const fault_test& test, std::uint64_t first, std::uint64_t last);

/// The crew's price list as its provider may have it, for `set_tariff`; none
/// for a model without a price.
tariff tariff_of(const core::model_spec& model);

} // namespace brigade::testkit
