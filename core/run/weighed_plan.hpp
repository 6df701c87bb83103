/// A plan's text against everything that decides whether a run may work on it.
///
/// INTERNAL: for the run machine, and for whoever must find the same.
#pragma once

#include "brigade/core/money/allowance.hpp"
#include "brigade/core/plan/plan.hpp"
#include "brigade/core/plan/plan_cost.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace brigade::core {

struct run_order;
struct run_state;

struct weighed_plan {
  /// Set when there are no faults.
  std::optional<plan> value;
  std::vector<plan_fault> faults;
  /// Known when the plan can be read.
  plan_cost cost;
};

/// Checks the plan by the crew's rules and its cost by what is left when
/// `spent` is.
weighed_plan weigh_plan(const run_order& order, const allowance& spent,
                        std::string_view text);

/// What a run that has not begun to work has used up: what its calls for a plan
/// took, in flight at their worst. Never less than its till knows.
allowance spent_on_plan(const run_state& state);

} // namespace brigade::core
