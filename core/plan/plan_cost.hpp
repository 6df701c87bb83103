/// What a plan can cost before any of its calls is made.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/money/allowance.hpp"
#include "brigade/core/plan/plan.hpp"

#include <optional>
#include <string_view>

namespace brigade::core {

struct plan_cost {
  /// The worst case of the synthesis, every result at `result_bytes_max`: what
  /// is kept back from the plan's acceptance on (rule M6).
  allowance synthesis_share;
  /// The worst case of one attempt of each subtask. A nested run counts with
  /// its crew's ceiling.
  allowance one_attempt_each;
};

/// Bytes that a request's envelope (field names, braces, limits) can take
/// besides its prompts. OpenAI's is about 150.
inline constexpr std::uint64_t envelope_bytes_max = 512;

/// Reckons from the prompts that will be sent; a dependency's result counts
/// with `result_bytes_max`. Saturates. A model without a price counts as zero
/// here: the till refuses it.
plan_cost cost_of_plan(const crew& c, std::string_view goal, const plan& p,
                       const input_set& inputs);

/// The fault `over_budget`, when the share plus one attempt of each subtask
/// exceeds what is left.
std::optional<plan_fault> check_cost(const plan_cost& cost,
                                     const allowance& left);

} // namespace brigade::core
