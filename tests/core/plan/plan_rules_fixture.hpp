/// What most tests of plans need: rules with two workers and two documents,
/// and plans to spoil.
#pragma once

#include "brigade/core/plan/plan_check.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

inline std::ostream& operator<<(std::ostream& out, const plan_fault& fault) {
  return out << fault.code << " at " << fault.pointer << ": " << fault.message;
}

namespace test {

struct plan_rules_fixture {
  plan_rules_fixture() {
    inputs.emplace_back("doc1", "prices.md", "one\ntwo\nthree\n");
    inputs.emplace_back("doc2", "notes.md", "only line");
    rules.workers = {"researcher", "analyst"};
    rules.inputs = &inputs;
    rules.tasks_max = 8;
    rules.depth_max = 3;
  }

  /// A good plan of three subtasks; `t3` needs the other two.
  static boost::json::value good() {
    return boost::json::parse(R"({
      "analysis": "Prices and churn are independent.",
      "tasks": [
        {"id": "t1", "worker": "researcher",
         "description": "List the monthly prices of all three tiers.",
         "depends_on": [], "inputs": ["doc1:1-2"], "context": null,
         "expected_output": "A table."},
        {"id": "t2", "worker": "researcher",
         "description": "Gather churn figures for 2024 by region.",
         "depends_on": [], "inputs": ["doc2"]},
        {"id": "t3", "worker": "analyst",
         "description": "Relate price changes to churn and rank the tiers.",
         "depends_on": ["t1", {"task": "t2", "if_failed": "run_with_gap"}]}
      ]})");
  }

  /// Puts `value` at `pointer`; a list's end appends.
  static void set(boost::json::value& json, std::string_view pointer,
                  boost::json::value value) {
    const auto slash = pointer.rfind('/');
    const std::string name{pointer.substr(slash + 1)};
    auto& parent = json.at_pointer(pointer.substr(0, slash));
    if (auto* object = parent.if_object()) {
      (*object)[name] = std::move(value);
      return;
    }
    auto& list = parent.as_array();
    const auto at = std::stoul(name);
    if (at == list.size())
      list.push_back(std::move(value));
    else
      list.at(at) = std::move(value);
  }

  static void set(boost::json::value& json, std::string_view pointer,
                  const std::string& text) {
    set(json, pointer, boost::json::value(boost::json::string(text)));
  }

  static void set(boost::json::value& json, std::string_view pointer,
                  const char* text) {
    set(json, pointer, boost::json::value(text));
  }

  /// The good plan with `value` at `pointer`.
  template <class T>
  static boost::json::value spoiled(std::string_view pointer, const T& value) {
    auto json = good();
    set(json, pointer, value);
    return json;
  }

  checked_plan check(const boost::json::value& json) const {
    return check_plan(boost::json::serialize(json), rules);
  }

  /// `code pointer`, one for each fault.
  static std::vector<std::string> places_of(const checked_plan& checked) {
    std::vector<std::string> out;
    for (const auto& fault : checked.faults)
      out.push_back(fault.code + " " + fault.pointer);
    return out;
  }

  std::vector<std::string> faults(const boost::json::value& json) const {
    return places_of(check(json));
  }

  input_set inputs;
  plan_rules rules;
};

} // namespace test

} // namespace brigade::core
