#include "brigade/core/plan/plan_check.hpp"
#include "brigade/core/plan/plan_shape.hpp"

#include "plan_rules_fixture.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

namespace core = brigade::core;
namespace json = boost::json;

namespace {

constexpr unsigned seed = 90'210;

std::string word(std::mt19937& random) {
  std::string text;
  for (auto n = 4 + random() % 8; n > 0; --n)
    text += static_cast<char>('a' + random() % 26);
  return text;
}

/// A plan that keeps to the rules of the fixture.
core::plan random_plan(std::mt19937& random) {
  core::plan p;
  p.analysis = word(random) + " \"quoted\" \xC3\xA9\n\\";
  const auto count = 1 + random() % 8;
  std::vector<std::size_t> level(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    core::subtask task;
    task.id = "t" + std::to_string(i) + "_" + word(random);
    task.worker = random() % 2 ? "researcher" : "analyst";
    for (int n = 0; n < 6; ++n)
      task.description += word(random) + ' ';
    if (random() % 2)
      task.context = word(random);
    if (random() % 2)
      task.expected_output = word(random);
    for (std::size_t j = 0; j < i; ++j)
      if (random() % 4 == 0 && level[j] < 3) {
        core::dependency edge{p.tasks[j].id, std::nullopt};
        if (random() % 2)
          edge.if_failed = static_cast<core::failure_policy>(random() % 3);
        task.depends_on.push_back(edge);
        level[i] = std::max(level[i], level[j] + 1);
      }
    if (random() % 2)
      task.inputs.push_back(
          {"doc1", 1, 1 + static_cast<std::uint32_t>(random() % 3)});
    if (random() % 2)
      task.inputs.push_back({"doc2", 0, 0});
    p.tasks.push_back(std::move(task));
  }
  return p;
}

json::value random_value(std::mt19937& random) {
  switch (random() % 9) {
  case 0:
    return nullptr;
  case 1:
    return true;
  case 2:
    return static_cast<std::int64_t>(random()) - 1'000'000;
  case 3:
    return 1.5;
  case 4:
    return json::array{};
  case 5:
    return json::object{};
  case 6:
    return json::array{"t1", json::object{{"task", "t2"}}};
  case 7:
    return json::object{{"task", "t1"}, {"if_failed", nullptr}};
  default:
    return json::string(random() % 2 ? "t1" : word(random));
  }
}

/// Replaces, adds or drops something somewhere.
void mutate(json::value& value, std::mt19937& random) {
  if (random() % 5 == 0) {
    value = random_value(random);
  } else if (auto* object = value.if_object(); object && !object->empty()) {
    const auto at = object->begin() + random() % object->size();
    if (random() % 6 == 0)
      object->erase(at);
    else if (random() % 6 == 0)
      (*object)[word(random)] = random_value(random);
    else
      mutate(at->value(), random);
  } else if (auto* list = value.if_array(); list && !list->empty()) {
    mutate((*list)[random() % list->size()], random);
  } else {
    value = random_value(random);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(plan_check_random, core::test::plan_rules_fixture)

BOOST_AUTO_TEST_CASE(the_json_of_a_plan_passes_and_reads_back_the_same) {
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    const auto p = random_plan(random);
    const auto checked = check(core::to_json(p));
    for (const auto& fault : checked.faults)
      BOOST_TEST_MESSAGE(fault);
    BOOST_REQUIRE(checked.value.has_value());
    BOOST_REQUIRE((*checked.value == p));
  }
}

BOOST_AUTO_TEST_CASE(the_quick_look_at_the_shape_agrees_with_the_schema) {
  std::mt19937 random(seed);
  int wrong = 0;
  for (int round = 0; round < 3'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    auto json = random() % 2 ? good() : core::to_json(random_plan(random));
    for (auto n = random() % 3; n > 0; --n)
      mutate(json, random);
    const auto quick = core::read_plan_shape(json).well_formed;
    // The explanation has a last resort, which must never be needed.
    bool explained = false;
    for (const auto& fault : core::explain_plan_shape(json))
      explained =
          explained
          || fault.message.find("that was asked for") == std::string::npos;
    BOOST_REQUIRE_MESSAGE(quick != explained, json);
    wrong += quick ? 0 : 1;
  }
  BOOST_TEST(wrong > 500);
}

BOOST_AUTO_TEST_CASE(a_mutated_plan_has_a_value_or_faults_with_known_codes) {
  const std::set<std::string> codes{"not_json",
                                    "schema_violation",
                                    "empty_plan",
                                    "too_many_tasks",
                                    "duplicate_id",
                                    "bad_id",
                                    "unknown_worker",
                                    "unknown_input",
                                    "bad_range",
                                    "unknown_dependency",
                                    "self_dependency",
                                    "cyclic_dependency",
                                    "too_deep",
                                    "description_too_short",
                                    "description_too_long",
                                    "vague_description",
                                    "duplicate_task",
                                    "near_duplicate_task",
                                    "direct_answer_not_allowed"};
  std::mt19937 random(seed);
  for (int round = 0; round < 5'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    auto json = good();
    for (auto n = 1 + random() % 4; n > 0; --n)
      mutate(json, random);
    auto text = json::serialize(json);
    if (random() % 3 == 0)
      text.resize(random() % (text.size() + 1));
    const auto checked = core::check_plan(text, rules);
    BOOST_REQUIRE(checked.value.has_value() == checked.faults.empty());
    for (const auto& fault : checked.faults) {
      BOOST_REQUIRE_MESSAGE(codes.contains(fault.code), fault);
      BOOST_REQUIRE(!fault.message.empty());
      BOOST_REQUIRE((fault.pointer.empty() || fault.pointer[0] == '/'));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hostile_plan_of_a_mebibyte_is_refused_with_few_faults) {
  rules.tasks_max = 100;
  auto json = good();
  auto& edges = json.at_pointer("/tasks/0/depends_on").as_array();
  for (int i = 0; i < 60'000; ++i)
    edges.push_back(json::string("no" + std::to_string(i)));
  auto& ranges = json.at_pointer("/tasks/0/inputs").as_array();
  for (int i = 0; i < 30'000; ++i)
    ranges.push_back("doc1:7");
  BOOST_TEST(check(json).faults.size() == core::plan_faults_max);
}

BOOST_AUTO_TEST_SUITE_END()
