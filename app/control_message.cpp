#include "brigade/app/control_message.hpp"

#include "brigade/core/plan/strict_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <utility>

namespace brigade::app {

namespace {

namespace json = boost::json;
using core::decision_kind;

constexpr std::array<std::pair<std::string_view, decision_kind>, 3> verbs{{
    {"approve", decision_kind::approve},
    {"reject", decision_kind::reject},
    {"cancel", decision_kind::cancel},
}};

std::string_view verb_of(decision_kind kind) {
  for (const auto& [verb, known] : verbs) {
    if (known == kind) {
      return verb;
    }
  }
  return "cancel";
}

/// A member that must be a text when it is there; false: it is something else.
bool take_text(const json::object& from, std::string_view key,
               std::string& text) {
  const auto* value = from.if_contains(key);
  if (value == nullptr) {
    return true;
  }
  if (!value->is_string()) {
    return false;
  }
  text = value->as_string();
  return true;
}

/// An object with no other members than these.
std::optional<json::object> read_object(std::string_view line,
                                        std::initializer_list<const char*> of) {
  auto read = core::read_json(line);
  if (!read.value || !read.value->is_object()) {
    return std::nullopt;
  }
  for (const auto& member : read.value->as_object()) {
    bool known = false;
    for (const char* key : of) {
      known = known || member.key() == key;
    }
    if (!known) {
      return std::nullopt;
    }
  }
  return std::move(read.value->as_object());
}

} // namespace

std::string to_line(const control_request& request) {
  const auto& decision = request.decision;
  json::object out{{"do", verb_of(decision.kind)},
                   {"run", request.run.text},
                   {"comment", decision.comment}};
  if (decision.plan_text) {
    out["plan"] = *decision.plan_text;
  }
  return json::serialize(out);
}

std::string to_line(const control_answer& answer) {
  if (answer.ok) {
    return R"({"ok":true})";
  }
  json::array faults;
  for (const auto& fault : answer.faults) {
    faults.push_back({{"code", fault.code},
                      {"pointer", fault.pointer},
                      {"message", fault.message}});
  }
  return json::serialize(json::object{{"ok", false},
                                      {"code", answer.code},
                                      {"message", answer.message},
                                      {"faults", std::move(faults)}});
}

std::optional<control_request> parse_control_request(std::string_view line) {
  const auto object = read_object(line, {"do", "run", "comment", "plan"});
  std::string verb;
  control_request out;
  if (!object || !take_text(*object, "do", verb)
      || !take_text(*object, "run", out.run.text)
      || !take_text(*object, "comment", out.decision.comment)
      || !core::is_run_id(out.run.text)) {
    return std::nullopt;
  }
  bool known = false;
  for (const auto& [name, kind] : verbs) {
    if (name == verb) {
      known = true;
      out.decision.kind = kind;
    }
  }
  if (object->contains("plan")) {
    std::string plan;
    if (!take_text(*object, "plan", plan)
        || out.decision.kind != decision_kind::approve
        || plan.size() > edited_plan_bytes_max) {
      return std::nullopt;
    }
    out.decision.plan_text = std::move(plan);
  }
  return known ? std::optional{std::move(out)} : std::nullopt;
}

std::optional<control_answer> parse_control_answer(std::string_view line) {
  const auto object = read_object(line, {"ok", "code", "message", "faults"});
  const auto* ok = object ? object->if_contains("ok") : nullptr;
  if (ok == nullptr || !ok->is_bool()) {
    return std::nullopt;
  }
  control_answer out;
  out.ok = ok->as_bool();
  if (!take_text(*object, "code", out.code)
      || !take_text(*object, "message", out.message)) {
    return std::nullopt;
  }
  const auto* faults = object->if_contains("faults");
  if (faults == nullptr) {
    return out;
  }
  if (!faults->is_array()) {
    return std::nullopt;
  }
  for (const auto& each : faults->as_array()) {
    core::plan_fault fault;
    if (!each.is_object() || !take_text(each.as_object(), "code", fault.code)
        || !take_text(each.as_object(), "pointer", fault.pointer)
        || !take_text(each.as_object(), "message", fault.message)) {
      return std::nullopt;
    }
    out.faults.push_back(std::move(fault));
  }
  return out;
}

} // namespace brigade::app
