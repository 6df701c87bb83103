#include "brigade/core/plan/plan_shape.hpp"

#include "brigade/core/plan/output_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cassert>

namespace brigade::core {

namespace {

namespace json = boost::json;

/// What `read_plan_shape` accepts, for the explanation only: names of workers,
/// inputs and subtasks have codes of their own and are checked elsewhere.
constexpr std::string_view shape_schema = R"({
  "type": "object",
  "additionalProperties": false,
  "required": ["analysis", "tasks"],
  "properties": {
    "analysis": {"type": "string"},
    "answer": {"type": ["string", "null"]},
    "tasks": {"type": "array", "items": {
      "type": "object",
      "additionalProperties": false,
      "required": ["id", "worker", "description"],
      "properties": {
        "id": {"type": "string"},
        "worker": {"type": "string"},
        "description": {"type": "string"},
        "depends_on": {"type": ["array", "null"], "items": {"anyOf": [
          {"type": "string"},
          {
            "type": "object",
            "additionalProperties": false,
            "required": ["task"],
            "properties": {
              "task": {"type": "string"},
              "if_failed": {"enum": ["skip", "run_with_gap", "abort", null]}
            }
          }]}},
        "inputs": {"type": ["array", "null"], "items": {"type": "string"}},
        "context": {"type": ["string", "null"]},
        "expected_output": {"type": ["string", "null"]}
      }
    }}
  }
})";

std::optional<std::string_view> text_of(const json::value& value) {
  if (const auto* text = value.if_string())
    return std::string_view{text->data(), text->size()};
  return std::nullopt;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool read_text(const json::value& value, std::string_view& out) {
  const auto text = text_of(value);
  if (text)
    out = *text;
  return text.has_value();
}

bool read_optional_text(const json::value& value, std::string_view& out) {
  return value.is_null() || read_text(value, out);
}

bool read_edge(const json::value& value, task_draft::edge& out) {
  if (read_text(value, out.task))
    return true;
  const auto* object = value.if_object();
  if (!object || !object->contains("task"))
    return false;
  for (const auto& member : *object) {
    if (member.key() == "task") {
      if (!read_text(member.value(), out.task))
        return false;
    } else if (member.key() == "if_failed") {
      std::string_view name;
      if (!read_optional_text(member.value(), name))
        return false;
      if (member.value().is_null())
        continue;
      out.if_failed = parse_failure_policy(name);
      if (!out.if_failed)
        return false;
    } else {
      return false;
    }
  }
  return true;
}

bool read_edges(const json::value& value, task_draft& out) {
  if (value.is_null())
    return true;
  const auto* list = value.if_array();
  if (!list)
    return false;
  out.depends_on.reserve(list->size());
  for (const auto& item : *list)
    if (!read_edge(item, out.depends_on.emplace_back()))
      return false;
  return true;
}

bool read_inputs(const json::value& value, task_draft& out) {
  if (value.is_null())
    return true;
  const auto* list = value.if_array();
  if (!list)
    return false;
  out.inputs.reserve(list->size());
  for (const auto& item : *list)
    if (!read_text(item, out.inputs.emplace_back()))
      return false;
  return true;
}

bool read_task_field(std::string_view name, const json::value& value,
                     task_draft& out) {
  if (name == "id")
    return out.id.has_value();
  if (name == "worker")
    return read_text(value, out.worker);
  if (name == "description")
    return read_text(value, out.description);
  if (name == "depends_on")
    return read_edges(value, out);
  if (name == "inputs")
    return read_inputs(value, out);
  if (name == "context")
    return read_optional_text(value, out.context);
  if (name == "expected_output")
    return read_optional_text(value, out.expected_output);
  return false;
}

task_draft read_task(const json::value& value) {
  task_draft out;
  const auto* object = value.if_object();
  if (!object)
    return out;
  if (const auto* id = object->if_contains("id"))
    out.id = text_of(*id);
  out.well_formed = out.id.has_value() && object->contains("worker")
                    && object->contains("description");
  for (const auto& member : *object) {
    const std::string_view name{member.key().data(), member.key().size()};
    if (!read_task_field(name, member.value(), out))
      out.well_formed = false;
  }
  return out;
}

const output_schema& compiled_shape() {
  static const output_schema compiled = [] {
    auto compilation = output_schema::compile(shape_schema);
    assert(compilation.value);
    return *std::move(compilation.value);
  }();
  return compiled;
}

} // namespace

plan_draft read_plan_shape(const boost::json::value& json) {
  plan_draft draft;
  const auto* object = json.if_object();
  if (!object)
    return draft;
  draft.well_formed = object->contains("analysis");
  for (const auto& member : *object) {
    if (member.key() == "analysis") {
      draft.well_formed &= read_text(member.value(), draft.analysis);
    } else if (member.key() == "answer") {
      std::string_view answer;
      draft.well_formed &= read_optional_text(member.value(), answer);
      if (!is_blank(answer))
        draft.answer = answer;
    } else if (member.key() == "tasks" && member.value().is_array()) {
      auto& tasks = draft.tasks.emplace();
      tasks.reserve(member.value().get_array().size());
      for (const auto& item : member.value().get_array()) {
        tasks.push_back(read_task(item));
        draft.well_formed &= tasks.back().well_formed;
      }
    } else {
      draft.well_formed = false;
    }
  }
  draft.well_formed &= draft.tasks.has_value();
  return draft;
}

std::vector<plan_fault> explain_plan_shape(const boost::json::value& json) {
  std::vector<plan_fault> faults;
  for (auto& fault : compiled_shape().validate(json)) {
    auto subject = fault.pointer.empty() ? std::string{"the plan"}
                                         : "`" + fault.pointer + "`";
    faults.push_back({"schema_violation", std::move(fault.pointer),
                      subject + ": " + fault.message + "."});
  }
  if (faults.empty())
    faults.push_back({"schema_violation", "",
                      "the plan does not have the form that was asked for."});
  return faults;
}

} // namespace brigade::core
