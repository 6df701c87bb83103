/// What `brigade check` says of a crew that can be used. Pure.
#pragma once

#include "brigade/config/crew_file.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// The most that the planner's first call can cost.
struct plan_call_cost {
  /// With a goal of a few words and no documents.
  core::pico_usd smallest;
  /// With as much of the documents as the planner is shown.
  core::pico_usd largest;
};

/// Reckoned as the till does: every byte of the request a token, and the whole
/// output limit. Zero for a model without a price.
plan_call_cost cost_of_plan_call(const core::crew& crew);

/// What cannot be used although the file is well-formed: base URLs and
/// requests that the client would refuse.
std::vector<std::string> provider_faults(const config::crew_file& file);

/// A few lines, safe to print.
std::vector<std::string> crew_summary(const config::crew_file& file);

} // namespace brigade::app
