/// The first look at a plan's JSON: takes out what has the right shape, and
/// explains what has not.
#pragma once

#include "brigade/core/plan/plan.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// A subtask as far as it could be read. Views point into the JSON.
struct task_draft {
  /// Whether every field has the right shape; the rest holds only then,
  /// except for `id`, which holds whenever it is a string.
  bool well_formed = false;
  std::optional<std::string_view> id;
  std::string_view worker;
  std::string_view description;
  std::string_view context;
  std::string_view expected_output;
  std::vector<std::string_view> inputs;
  struct edge {
    std::string_view task;
    std::optional<failure_policy> if_failed;
  };
  std::vector<edge> depends_on;
};

struct plan_draft {
  /// Whether the JSON follows the schema of a plan in every place.
  bool well_formed = false;
  std::string_view analysis;
  /// Nothing when null, absent or blank.
  std::optional<std::string_view> answer;
  /// Nothing when `tasks` is no list.
  std::optional<std::vector<task_draft>> tasks;
};

/// Reads a plan. Null and absent are the same for `answer`, `depends_on`,
/// `inputs`, `context` and `expected_output`. Fast: no message is made.
plan_draft read_plan_shape(const boost::json::value& json);

/// What is wrong with the shape, as `schema_violation` faults; not empty when
/// `read_plan_shape` says that the JSON is not well-formed.
std::vector<plan_fault> explain_plan_shape(const boost::json::value& json);

} // namespace brigade::core
