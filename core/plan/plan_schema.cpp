#include "brigade/core/plan/plan_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cassert>

namespace brigade::core {

namespace {

namespace json = boost::json;

json::object text_field(std::string_view description) {
  return {{"type", "string"}, {"description", description}};
}

json::object nullable_text_field(std::string_view description) {
  return {{"type", json::array{"string", "null"}},
          {"description", description}};
}

json::object choice(const std::vector<std::string>& names,
                    std::string_view description) {
  json::array values;
  for (const auto& name : names)
    values.push_back(json::string(name));
  json::object out{{"type", "string"}};
  if (!description.empty())
    out["description"] = description;
  out["enum"] = std::move(values);
  return out;
}

json::object list_field(json::object items, std::string_view description) {
  return {{"type", "array"},
          {"description", description},
          {"items", std::move(items)}};
}

/// A closed object all of whose properties are required.
json::object closed(json::object properties) {
  json::array names;
  for (const auto& property : properties)
    names.push_back(json::string(property.key()));
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(names)},
          {"additionalProperties", false}};
}

json::object task_schema(const std::vector<std::string>& workers,
                         const std::vector<std::string>& input_choices) {
  json::object fields;
  fields["id"] = text_field("Short and unique in the plan: 1 to 32 of the "
                            "characters A-Z a-z 0-9 _ -. "
                            "For example t1.");
  fields["worker"] = choice(workers, "The worker who does this subtask.");
  fields["description"] = text_field(
      "The whole order for the worker, who sees nothing else of the plan. Name "
      "the objective, the scope (which subject, period, place or part of the "
      "inputs), what to return and in which form, and what not to do because "
      "another subtask covers it. 20 to 4000 bytes. No two subtasks may ask "
      "for "
      "the same thing.");
  fields["depends_on"] = list_field(
      {{"type", "string"}},
      "The ids of the subtasks whose results this one needs; [] for none. Name "
      "only what is truly needed, because everything else runs at the same "
      "time. No cycles.");
  if (!input_choices.empty())
    fields["inputs"] = list_field(
        choice(input_choices, ""),
        "The parts of the given documents that the worker will see; it sees no "
        "other part. [] for none.");
  fields["context"] = nullable_text_field(
      "Facts from the goal that the worker needs and cannot see, or null.");
  fields["expected_output"] = nullable_text_field(
      "The form of a good result: length, structure, what must be in it; or "
      "null.");
  return closed(std::move(fields));
}

} // namespace

std::string plan_schema_json(const std::vector<std::string>& workers,
                             const std::vector<std::string>& input_choices,
                             bool direct_answer, std::uint32_t tasks_max) {
  assert(!workers.empty());
  json::object fields;
  fields["analysis"] = text_field(
      "What the goal asks for and why it is divided in this way, in a few "
      "sentences.");
  if (direct_answer)
    fields["answer"] = nullable_text_field(
        "The complete answer when the goal is so simple that no worker is "
        "needed; tasks must then be []. Otherwise null.");
  const auto count = std::to_string(tasks_max);
  fields["tasks"] = list_field(
      task_schema(workers, input_choices),
      (direct_answer ? "The subtasks, at most " : "The subtasks, 1 to ") + count
          + ". As few as the goal needs, each with one objective.");
  return json::serialize(closed(std::move(fields)));
}

} // namespace brigade::core
