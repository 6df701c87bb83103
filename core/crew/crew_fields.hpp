/// The fields of crews, in the order in which they are written. A test counts
/// the members of each structure, so that none can be forgotten here.
///
/// INTERNAL: included by the sources that write or read crews.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/json/fields.hpp"
#include "brigade/core/model/enum_text.hpp"
#include "brigade/core/money/money_fields.hpp"
#include "brigade/core/plan/plan_fields.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace brigade::core {

namespace json_fields {

/// The names of an enumeration's values, as crew files write them.
template <class T>
struct value_names;

template <>
struct value_names<structured_output> {
  static constexpr std::array<std::string_view, 4> all{
      "json_schema", "json_object", "tool", "prompt"};
};

template <>
struct value_names<price_basis> {
  static constexpr std::array<std::string_view, 3> all{"billed", "worst_case",
                                                       "tokens_only"};
};

template <>
struct value_names<synthesizer_kind> {
  static constexpr std::array<std::string_view, 2> all{"llm", "merge"};
};

template <>
struct value_names<estimate_kind> {
  static constexpr std::array<std::string_view, 2> all{"strict", "typical"};
};

template <>
struct value_names<in_doubt_policy> {
  static constexpr std::array<std::string_view, 2> all{"resend", "fail"};
};

template <>
struct value_names<approval_kind> {
  static constexpr std::array<std::string_view, 2> all{"none", "plan"};
};

template <class T>
requires requires {
  sizeof(value_names<T>);
}
struct text_form<T> {
  static std::optional<T> from(std::string_view text) {
    return parse_enum<T>(value_names<T>::all, text);
  }
  static std::string_view to(T x) { return enum_text(value_names<T>::all, x); }
};

/// A worker has a crew of its own, or none.
template <>
inline constexpr bool may_be_null<crew> = true;

} // namespace json_fields

template <>
struct fields<limits> {
  static void visit(auto& v, auto& x) {
    v("cost_usd", x.cost);
    v("tokens_max", x.tokens_max);
    v("calls_max", x.calls_max);
    v("tasks_total_max", x.tasks_total_max);
    v("estimate", x.estimate);
    v("cost_per_day_usd", x.cost_per_day);
    v("in_doubt", x.in_doubt);
    v("warn_at_percent", x.warn_at_percent);
    v("tasks_max", x.tasks_max);
    v("depth_max", x.depth_max);
    v("parallel_max", x.parallel_max);
    v("nesting_max", x.nesting_max);
    v("attempts_max", x.attempts_max);
    v("tries_max", x.tries_max);
    v("calls_per_task_max", x.calls_per_task_max);
    v("restarts_max", x.restarts_max);
    v("restart_window_ms", x.restart_window_ms);
    v("repairs_max", x.repairs_max);
    v("attempt_timeout_ms", x.attempt_timeout_ms);
    v("task_timeout_ms", x.task_timeout_ms);
    v("run_deadline_ms", x.run_deadline_ms);
    v("approval_timeout_ms", x.approval_timeout_ms);
    v("backoff_base_ms", x.backoff_base_ms);
    v("backoff_max_ms", x.backoff_max_ms);
    v("planner_input_bytes_max", x.planner_input_bytes_max);
    v("result_bytes_max", x.result_bytes_max);
    v("goal_bytes_max", x.goal_bytes_max);
    v("input_bytes_max", x.input_bytes_max);
    v("inputs_max", x.inputs_max);
  }
};

template <>
struct fields<wire_quirks> {
  static void visit(auto& v, auto& x) {
    v("structured", x.structured);
    v("output_limit_field", x.output_limit_field);
    v("system_role", x.system_role);
    v("temperature_milli", x.temperature_milli);
    v("extra_body", x.extra_body);
  }
};

template <>
struct fields<model_spec> {
  static void visit(auto& v, auto& x) {
    v("alias", x.alias);
    v("provider", x.provider);
    v("name", x.name);
    v("output_tokens_max", x.output_tokens_max);
    v("overhead_tokens", x.overhead_tokens);
    v("reasoning_tokens_max", x.reasoning_tokens_max);
    v("price", x.price);
    v("price_basis", x.price_basis);
    v("unbilled_statuses", x.unbilled_statuses);
    v("quirks", x.quirks);
  }
};

template <>
struct fields<planner_spec> {
  static void visit(auto& v, auto& x) {
    v("model", x.model);
    v("prompt", x.prompt);
    v("direct_answer", x.direct_answer);
  }
};

template <>
struct fields<worker_spec> {
  static void visit(auto& v, auto& x) {
    v("name", x.name);
    v("model", x.model);
    v("description", x.description);
    v("prompt", x.prompt);
    v("if_dependency_failed", x.if_dependency_failed);
    v("attempt_timeout_ms", x.attempt_timeout_ms);
    v("crew", x.nested);
  }
};

template <>
struct fields<synthesizer_spec> {
  static void visit(auto& v, auto& x) {
    v("kind", x.kind);
    v("model", x.model);
    v("prompt", x.prompt);
  }
};

template <>
struct fields<crew> {
  static void visit(auto& v, auto& x) {
    v("name", x.name);
    v("limits", x.limits);
    v("models", x.models);
    v("planner", x.planner);
    v("workers", x.workers);
    v("synthesizer", x.synthesizer);
    v("if_dependency_failed", x.if_dependency_failed);
    v("approval", x.approval);
  }
};

} // namespace brigade::core
