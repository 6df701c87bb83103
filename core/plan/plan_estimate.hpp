/// What a plan is expected to cost, for the person who approves it.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/money/estimate.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/core/plan/plan.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// What calls of each model have cost so far, by its alias.
using model_estimates = std::map<std::string, typical_estimate, std::less<>>;

/// Amounts for one attempt of each subtask and the synthesis, each call in one
/// try. Always `low <= expected <= worst`. A model without a price counts as
/// zero.
struct plan_estimate {
  /// The prompts as they are, a token for every four bytes of them; results of
  /// other subtasks empty; replies of one token. A nested run: nothing.
  pico_usd low;
  /// Where three calls of the model are known, the dearest share of its worst
  /// case that one of them took and a quarter more, as `estimate = "typical"`
  /// reserves. Else a token for every four bytes of the prompts, and a quarter
  /// of each bound: results of other subtasks, reply, reasoning. A nested run:
  /// its crew's ceiling, because its plan is not known.
  pico_usd expected;
  /// What would be reserved for all of it at once, every result and reply at
  /// its bound; never more than is left. Further attempts and tries come on
  /// top, within the run's ceiling.
  pico_usd worst;
  /// The longest chain of dependencies, counted in subtasks: their ids in
  /// order. Of equal chains the one that comes first in the plan.
  std::vector<std::string> critical_path;
};

/// Of a plan that `check_plan` accepted. `left`: what the run may still spend.
plan_estimate estimate_plan(const crew& c, std::string_view goal, const plan& p,
                            const input_set& inputs,
                            const model_estimates& known, pico_usd left);

/// The longest chain of dependencies, as in `plan_estimate`.
std::vector<std::string> longest_chain(const plan& p);

} // namespace brigade::core
