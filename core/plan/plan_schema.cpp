#include "brigade/core/plan/plan_schema.hpp"

#include <boost/json/serialize.hpp>

#include <cassert>
#include <utility>

namespace brigade::core {

namespace {

// Schemas are put together as JSON text: one goes with every planner's call,
// and a tree of values would take most of the time of making it. Descriptions
// are literals of this file and hold nothing that JSON escapes; names come from
// the user and are escaped.

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view{text});
}

std::string text_field(std::string_view description) {
  std::string out = R"({"type":"string","description":")";
  out += description;
  return out += R"("})";
}

std::string nullable_text_field(std::string_view description) {
  std::string out = R"({"type":["string","null"],"description":")";
  out += description;
  return out += R"("})";
}

std::string choice(const std::vector<std::string>& names,
                   std::string_view description) {
  std::string out = R"({"type":"string",)";
  if (!description.empty()) {
    out += R"("description":")";
    out += description;
    out += R"(",)";
  }
  out += R"("enum":[)";
  for (const auto& name : names) {
    out += quoted(name);
    out += ',';
  }
  if (!names.empty())
    out.pop_back();
  return out += "]}";
}

std::string list_field(std::string_view items, std::string_view description) {
  std::string out = R"({"type":"array","description":")";
  out += description;
  out += R"(","items":)";
  out += items;
  return out += '}';
}

using field = std::pair<std::string_view, std::string>;

/// A closed object all of whose properties are required.
std::string closed(const std::vector<field>& fields) {
  assert(!fields.empty());
  std::size_t bytes = 128;
  for (const auto& [name, schema] : fields)
    bytes += 2 * name.size() + schema.size() + 8;
  std::string out;
  out.reserve(bytes);
  out = R"({"type":"object","properties":{)";
  std::string names;
  for (const auto& [name, schema] : fields) {
    for (auto* text : {&out, &names}) {
      *text += '"';
      *text += name;
      *text += '"';
    }
    out += ':';
    out += schema;
    out += ',';
    names += ',';
  }
  out.back() = '}';
  names.pop_back();
  out += R"(,"required":[)";
  out += names;
  return out += R"(],"additionalProperties":false})";
}

std::string task_schema(const std::vector<std::string>& workers,
                        const std::vector<std::string>& input_choices) {
  std::vector<field> fields;
  fields.emplace_back(
      "id", text_field("Short and unique in the plan: 1 to 32 of the "
                       "characters A-Z a-z 0-9 _ -. For example t1."));
  fields.emplace_back("worker",
                      choice(workers, "The worker who does this subtask."));
  fields.emplace_back(
      "description",
      text_field(
          "The whole order for the worker, who sees nothing else of the plan. "
          "Name the objective, the scope (which subject, period, place or part "
          "of the inputs), what to return and in which form, and what not to "
          "do because another subtask covers it. 20 to 4000 bytes. No two "
          "subtasks may ask for the same thing."));
  fields.emplace_back(
      "depends_on",
      list_field(R"({"type":"string"})",
                 "The ids of the subtasks whose results this one needs; [] for "
                 "none. Name only what is truly needed, because everything "
                 "else runs at the same time. No cycles."));
  if (!input_choices.empty())
    fields.emplace_back(
        "inputs", list_field(choice(input_choices, ""),
                             "The parts of the given documents that the worker "
                             "will see; it sees no other part. [] for none."));
  fields.emplace_back("context",
                      nullable_text_field("Facts from the goal that the worker "
                                          "needs and cannot see, or null."));
  fields.emplace_back(
      "expected_output",
      nullable_text_field("The form of a good result: length, structure, what "
                          "must be in it; or null."));
  return closed(fields);
}

} // namespace

std::string plan_schema_json(const std::vector<std::string>& workers,
                             const std::vector<std::string>& input_choices,
                             bool direct_answer, std::uint32_t tasks_max) {
  assert(!workers.empty());
  std::vector<field> fields;
  fields.emplace_back("analysis",
                      text_field("What the goal asks for and why it is divided "
                                 "in this way, in a few sentences."));
  if (direct_answer)
    fields.emplace_back(
        "answer",
        nullable_text_field(
            "The complete answer when the goal is so simple that no worker is "
            "needed; tasks must then be []. Otherwise null."));
  const auto count = std::to_string(tasks_max);
  fields.emplace_back(
      "tasks",
      list_field(
          task_schema(workers, input_choices),
          (direct_answer ? "The subtasks, at most " : "The subtasks, 1 to ")
              + count
              + ". As few as the goal needs, each with one objective."));
  return closed(fields);
}

} // namespace brigade::core
