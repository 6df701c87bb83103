/// The fields of plans.
///
/// INTERNAL: included by other lists of fields.
#pragma once

#include "brigade/core/json/fields.hpp"
#include "brigade/core/plan/plan.hpp"

namespace brigade::core {

namespace json_fields {

template <>
struct text_form<failure_policy>
    : parsed_form<failure_policy, parse_failure_policy> {};

template <>
struct text_form<input_range> : parsed_form<input_range, parse_input_range> {};

} // namespace json_fields

template <>
struct fields<plan_fault> {
  static void visit(auto& v, auto& x) {
    v("code", x.code);
    v("pointer", x.pointer);
    v("message", x.message);
  }
};

template <>
struct fields<dependency> {
  static void visit(auto& v, auto& x) {
    v("task", x.task);
    v("if_failed", x.if_failed);
  }
};

template <>
struct fields<subtask> {
  static void visit(auto& v, auto& x) {
    v("id", x.id);
    v("worker", x.worker);
    v("description", x.description);
    v("depends_on", x.depends_on);
    v("inputs", x.inputs);
    v("context", x.context);
    v("expected_output", x.expected_output);
  }
};

template <>
struct fields<plan> {
  static void visit(auto& v, auto& x) {
    v("analysis", x.analysis);
    v("answer", x.answer);
    v("tasks", x.tasks);
  }
};

} // namespace brigade::core
