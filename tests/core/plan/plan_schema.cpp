#include "brigade/core/plan/plan_schema.hpp"

#include "plan_rules_fixture.hpp"

#include "brigade/core/plan/output_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>

namespace core = brigade::core;
namespace json = boost::json;

namespace {

/// Calls `visit` for each schema inside a schema.
template <class Visitor>
void for_each_schema(const json::value& schema, Visitor visit) {
  const auto& object = schema.as_object();
  visit(object);
  if (const auto* properties = object.if_contains("properties"))
    for (const auto& property : properties->as_object())
      for_each_schema(property.value(), visit);
  if (const auto* items = object.if_contains("items"))
    for_each_schema(*items, visit);
}

json::value schema_of(bool inputs, bool direct_answer) {
  return json::parse(core::plan_schema_json(
      {"researcher", "analyst"},
      inputs ? std::vector<std::string>{"doc1", "doc2:1-9"}
             : std::vector<std::string>{},
      direct_answer, 8));
}

/// Answers a schema as the mock server of the benchmarks does: the instance
/// that a model with structured output could give.
struct mock_planner {
  int count = 5;
  int layers = 1;
  std::string shape = {};

  std::string describe(int i) const {
    static const std::vector<std::string> verbs{
        "Measure", "Compare",  "Trace",  "List",
        "Explain", "Estimate", "Verify", "Summarise"};
    static const std::vector<std::string> nouns{
        "demand",    "pricing",    "latency",   "suppliers", "regulation",
        "churn",     "energy",     "staffing",  "logistics", "security",
        "margins",   "inventory",  "licensing", "storage",   "adoption",
        "forecasts", "complaints", "warranty",  "exports",   "capacity",
        "research",  "branding",   "payments",  "training",  "emissions",
        "contracts", "audits",     "recalls",   "patents",   "subsidies",
        "mergers",   "tariffs"};
    auto at = [](const auto& list, int n) {
      return list[static_cast<std::size_t>(n)];
    };
    return at(verbs, i % 8) + " " + at(nouns, i % 32) + " against "
           + at(nouns, (i * 7 + 11) % 31) + " in region " + std::to_string(i)
           + " and report " + at(nouns, (i * 13 + 5) % 29)
           + " figures with their sources.";
  }

  json::value instance(const json::object& schema, std::string_view key,
                       int i) const {
    if (const auto* list = schema.if_contains("enum"))
      return list
          ->as_array()[static_cast<std::size_t>(i) % list->as_array().size()];
    const auto& type = schema.at("type");
    if (type.is_array())
      return nullptr;
    if (type.as_string() == "object") {
      json::object out;
      for (const auto& property : schema.at("properties").as_object())
        out[property.key()] =
            instance(property.value().as_object(), property.key(), i);
      return out;
    }
    if (type.as_string() == "array")
      return list(schema, key, i);
    const auto number = std::to_string(i);
    if (key == "id")
      return json::string("t" + (shape == "dup" ? "0" : number));
    if (key == "description")
      return json::string(describe(i));
    return json::string("Mock " + std::string{key} + " " + number + ".");
  }

  json::array list(const json::object& schema, std::string_view key,
                   int i) const {
    json::array out;
    const int width = (count + layers - 1) / layers;
    if (key == "tasks") {
      for (int n = 0; n < count && shape != "empty"; ++n)
        out.push_back(instance(schema.at("items").as_object(), "item", n));
    } else if (key == "depends_on") {
      if (shape == "cycle")
        out.push_back(json::string("t" + std::to_string((i + 1) % count)));
      else if (shape == "unknown")
        out.push_back("nope");
      else if (i >= width)
        out.push_back(json::string("t" + std::to_string(i - width)));
    }
    return out;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plan_schema, core::test::plan_rules_fixture)

BOOST_AUTO_TEST_CASE(the_same_arguments_give_the_same_bytes) {
  BOOST_TEST(core::plan_schema_json({"a"}, {"doc1"}, true, 3)
             == core::plan_schema_json({"a"}, {"doc1"}, true, 3));
  BOOST_TEST(core::plan_schema_json({"a"}, {"doc1"}, true, 3)
             != core::plan_schema_json({"a"}, {"doc1"}, true, 4));
}

BOOST_AUTO_TEST_CASE(it_keeps_to_the_subset_that_all_providers_take) {
  const std::set<std::string_view> keywords{
      "type",     "description",         "enum", "items", "properties",
      "required", "additionalProperties"};
  for (bool with_inputs : {false, true})
    for (bool answer : {false, true})
      for_each_schema(
          schema_of(with_inputs, answer), [&](const json::object& s) {
            for (const auto& member : s)
              BOOST_TEST(keywords.contains(member.key()), member.key());
            if (s.at("type") != "object")
              return;
            BOOST_TEST((s.at("additionalProperties") == false));
            json::array names;
            for (const auto& property : s.at("properties").as_object())
              names.push_back(json::string(property.key()));
            BOOST_TEST((s.at("required") == names));
          });
}

BOOST_AUTO_TEST_CASE(workers_and_inputs_are_enums) {
  const auto schema = schema_of(true, false);
  const auto& fields =
      schema.at_pointer("/properties/tasks/items/properties").as_object();
  BOOST_TEST(
      (fields.at("worker").at("enum") == json::array{"researcher", "analyst"}));
  BOOST_TEST((fields.at("inputs").at("items").at("enum")
              == json::array{"doc1", "doc2:1-9"}));
}

BOOST_AUTO_TEST_CASE(fields_without_a_use_are_left_out) {
  BOOST_TEST(!schema_of(false, false)
                  .at_pointer("/properties/tasks/items/properties")
                  .as_object()
                  .contains("inputs"));
  BOOST_TEST(
      !schema_of(false, false).at("properties").as_object().contains("answer"));
  BOOST_TEST(
      schema_of(false, true).at("properties").as_object().contains("answer"));
}

BOOST_AUTO_TEST_CASE(our_own_validator_understands_it) {
  const auto compiled = core::output_schema::compile(
      core::plan_schema_json({"a"}, {"doc1"}, true, 3));
  BOOST_REQUIRE(compiled.value.has_value());
  mock_planner mock;
  const auto schema =
      json::parse(core::plan_schema_json({"a"}, {"doc1"}, true, 3));
  BOOST_TEST(compiled.value->validate(mock.instance(schema.as_object(), "", 0))
                 .empty());
}

BOOST_AUTO_TEST_CASE(the_mock_planners_plans_pass_the_check) {
  rules.tasks_max = 1'000;
  rules.depth_max = 1'000;
  for (bool with_inputs : {false, true})
    for (int count : {1, 2, 5, 8, 33, 100, 1'000})
      for (int layers : {1, 2, 4}) {
        mock_planner mock{count, layers};
        const auto checked = check(
            mock.instance(schema_of(with_inputs, true).as_object(), "", 0));
        BOOST_TEST_INFO(count << " subtasks in " << layers << " layers");
        for (const auto& fault : checked.faults)
          BOOST_TEST_MESSAGE(fault);
        BOOST_REQUIRE(checked.value.has_value());
        BOOST_TEST(checked.value->tasks.size()
                   == static_cast<std::size_t>(count));
      }
}

BOOST_AUTO_TEST_CASE(the_mock_planners_spoiled_plans_have_their_faults) {
  const auto schema = schema_of(true, false);
  auto codes = [&](std::string shape) {
    mock_planner mock{5, 1, std::move(shape)};
    std::set<std::string> out;
    for (const auto& fault :
         check(mock.instance(schema.as_object(), "", 0)).faults)
      out.insert(fault.code);
    return out;
  };
  using set = std::set<std::string>;
  BOOST_TEST((codes("cycle") == set{"cyclic_dependency"}));
  BOOST_TEST((codes("unknown") == set{"unknown_dependency"}));
  BOOST_TEST((codes("dup") == set{"duplicate_id"}));
  BOOST_TEST((codes("empty") == set{"empty_plan"}));
  BOOST_TEST((places_of(core::check_plan(R"({"analysis":"cut)", rules))
              == std::vector<std::string>{"not_json "}));
  BOOST_TEST((codes("") == set{}));
  for (const auto& fault :
       core::check_plan(R"({"unexpected":[1,2,3]})", rules).faults)
    BOOST_TEST(fault.code == "schema_violation");
}

BOOST_AUTO_TEST_SUITE_END()
