/// The planner's typed output: an analysis and a DAG of subtasks.
#pragma once

#include "brigade/core/run/input.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// What a failed subtask does to a subtask that depends on it.
enum class failure_policy : std::uint8_t {
  /// The dependant is skipped.
  skip,
  /// The dependant runs and is told what is missing.
  run_with_gap,
  /// The run ends: no synthesis, status failed, results listed.
  abort,
};

/// `skip`, `run_with_gap` or `abort`.
std::string_view to_string(failure_policy policy);
std::optional<failure_policy> parse_failure_policy(std::string_view text);

/// An edge of the DAG.
struct dependency {
  /// The id of the subtask that must be terminal first.
  std::string task;
  /// This edge's own policy; else the worker's, else the crew's.
  std::optional<failure_policy> if_failed;

  friend bool operator==(const dependency&, const dependency&) = default;
};

struct subtask {
  /// Unique in the plan: `[A-Za-z0-9_-]{1,32}`.
  std::string id;
  /// The name of a worker of the crew.
  std::string worker;
  /// Stands alone: objective, scope, what to return, what not to do.
  std::string description;
  std::vector<dependency> depends_on;
  /// Exactly the parts of the inputs that the worker sees.
  std::vector<input_range> inputs;
  /// What else the worker must know; may be empty.
  std::string context;
  /// The form of a good result; may be empty.
  std::string expected_output;

  friend bool operator==(const subtask&, const subtask&) = default;
};

struct plan {
  std::string analysis;
  /// The planner's own answer to a goal that needs no subtasks.
  std::optional<std::string> answer;
  /// In the planner's order, which is the tie-break everywhere.
  std::vector<subtask> tasks;

  friend bool operator==(const plan&, const plan&) = default;
};

/// The index of the subtask with this id, or nothing.
std::optional<std::size_t> find_task(const plan& p, std::string_view id);

/// The JSON form, which `check_plan` reads back: `--plan-only` prints it and
/// `--plan FILE` takes it.
boost::json::value to_json(const plan& p);

/// One thing wrong with a plan. The text form of the code is stable.
struct plan_fault {
  /// `not_json`, `schema_violation`, `empty_plan`, `too_many_tasks`,
  /// `duplicate_id`, `bad_id`, `unknown_worker`, `unknown_input`,
  /// `bad_range`, `unknown_dependency`, `self_dependency`,
  /// `cyclic_dependency`, `too_deep`, `description_too_short`,
  /// `description_too_long`, `vague_description`, `duplicate_task`,
  /// `near_duplicate_task`, `over_budget`, `direct_answer_not_allowed`.
  std::string code;
  /// JSON Pointer into the plan: `/tasks/2/worker`.
  std::string pointer;
  /// Tells a model how to repair it. Carries ids, codes and schema fields,
  /// never other free text of the plan (rule S5).
  std::string message;

  friend bool operator==(const plan_fault&, const plan_fault&) = default;
};

} // namespace brigade::core
