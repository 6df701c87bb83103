/// The calls that a plan will need, before any of them is made.
///
/// INTERNAL: for what a plan can cost (plan_cost) and will cost
/// (plan_estimate).
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/money/allowance.hpp"
#include "brigade/core/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace brigade::core {

struct planned_call {
  /// Null: the crew does not have it, or the call is a nested run.
  const model_spec* model = nullptr;
  /// Set for a nested run: its crew's limits.
  const limits* nested = nullptr;
  /// Of the prompts, as they stand inside JSON.
  std::uint64_t prompt_bytes = 0;
  /// Results of other subtasks that come on top.
  std::uint64_t results = 0;
  std::uint64_t output_tokens_max = 0;
};

struct planned_calls {
  /// One for each subtask: one attempt of it.
  std::vector<planned_call> tasks;
  /// Nothing: the results are merged without a model.
  std::optional<planned_call> synthesis;
};

/// The prompts are those that will be sent, without results. Must not outlive
/// the crew.
planned_calls calls_of_plan(const crew& c, std::string_view goal, const plan& p,
                            const input_set& inputs);

/// The most bytes that the results can add to the call's prompts.
std::uint64_t result_bytes_max_of(const crew& c, const planned_call& call);

/// The most that the call can use up: rule M3.
allowance worst_case_of(const crew& c, const planned_call& call);

} // namespace brigade::core
