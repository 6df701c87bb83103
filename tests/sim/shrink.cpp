#include "shrink.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace brigade::sim {

namespace {

bool breaks(const simulation_result& result, std::string_view rule) {
  return std::any_of(result.violations.begin(), result.violations.end(),
                     [rule](const auto& found) { return found.rule == rule; });
}

} // namespace

shrunken shrink(std::uint64_t seed, simulation_options options,
                simulation_result failed) {
  const auto rule = failed.violations.front().rule;
  options.trace = nullptr;
  // What never happened cannot matter.
  shrunken kept{failed.faults, std::move(failed)};
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < testkit::fault_count; ++i) {
      if (!kept.faults[i])
        continue;
      options.allowed = kept.faults;
      options.allowed.reset(i);
      auto result = simulate(seed, options);
      if (!breaks(result, rule))
        continue;
      // Others may not happen any more either.
      kept.faults = result.faults & options.allowed;
      kept.result = std::move(result);
      smaller = true;
    }
  }
  return kept;
}

std::string names_of(const testkit::fault_set& faults) {
  std::string out;
  for (std::size_t i = 0; i < testkit::fault_count; ++i) {
    if (!faults[i])
      continue;
    if (!out.empty())
      out += ",";
    out += to_string(static_cast<testkit::fault>(i));
  }
  return out.empty() ? "none" : out;
}

} // namespace brigade::sim
