#include "brigade/core/plan/plan_check.hpp"

#include "plan_rules_fixture.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace core = brigade::core;
namespace json = boost::json;
using places = std::vector<std::string>;

namespace {

/// The message of the fault with this code; fails when there is not one.
std::string message(const core::checked_plan& checked, std::string_view code) {
  std::string text;
  for (const auto& fault : checked.faults)
    if (fault.code == code)
      text += fault.message;
  BOOST_TEST(!text.empty(), "no fault " << code);
  return text;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(plan_check, core::test::plan_rules_fixture)

BOOST_AUTO_TEST_CASE(a_good_plan_is_read_whole) {
  const auto checked = check(good());
  BOOST_TEST(checked.faults.empty());
  BOOST_REQUIRE(checked.value.has_value());
  const auto& tasks = checked.value->tasks;
  BOOST_TEST(checked.value->analysis == "Prices and churn are independent.");
  BOOST_TEST(!checked.value->answer);
  BOOST_REQUIRE(tasks.size() == 3u);
  BOOST_TEST(tasks[0].expected_output == "A table.");
  BOOST_TEST(tasks[0].context == "");
  BOOST_TEST(
      (tasks[0].inputs == std::vector<core::input_range>{{"doc1", 1, 2}}));
  BOOST_TEST(
      (tasks[2].depends_on
       == std::vector<core::dependency>{
           {"t1", std::nullopt}, {"t2", core::failure_policy::run_with_gap}}));
}

BOOST_AUTO_TEST_CASE(null_and_absent_are_the_same) {
  auto json = good();
  auto& task = json.at("tasks").as_array()[0].as_object();
  for (auto field : {"depends_on", "context", "expected_output"})
    task.erase(field);
  const auto absent = check(json);
  for (auto field : {"depends_on", "context", "expected_output"})
    task[field] = nullptr;
  json.as_object()["answer"] = nullptr;
  const auto null = check(json);
  BOOST_REQUIRE(absent.value.has_value());
  BOOST_REQUIRE(null.value.has_value());
  BOOST_TEST((*absent.value == *null.value));
}

BOOST_AUTO_TEST_CASE(text_without_json_is_not_json) {
  const auto checked = core::check_plan("Sorry, no.", rules);
  BOOST_TEST((places(places_of(checked)) == places{"not_json "}));
  BOOST_TEST(holds(checked.faults[0].message, "no JSON object"));
}

BOOST_AUTO_TEST_CASE(wrong_shapes_are_schema_violations_with_pointers) {
  const std::pair<json::value, std::string> cases[]{
      {spoiled("/analysis", 1), "/analysis"},
      {spoiled("/answer", 1), "/answer"},
      {spoiled("/tasks", json::object{}), "/tasks"},
      {spoiled("/tasks/2", "t3"), "/tasks/2"},
      {spoiled("/tasks/0/title", "x"), "/tasks/0"},
      {spoiled("/steps", 1), ""},
      {spoiled("/tasks/1/worker", json::value(nullptr)), "/tasks/1/worker"},
      {spoiled("/tasks/1/description", 7), "/tasks/1/description"},
      {spoiled("/tasks/1/depends_on", "t1"), "/tasks/1/depends_on"},
      {spoiled("/tasks/1/depends_on/0", 1), "/tasks/1/depends_on/0"},
      {spoiled("/tasks/2/depends_on/1/if_failed", "retry"),
       "/tasks/2/depends_on/1/if_failed"},
      {spoiled("/tasks/1/depends_on/0", json::object{{"if_failed", "skip"}}),
       "/tasks/1/depends_on/0"},
      {spoiled("/tasks/2/depends_on/1/when", 1), "/tasks/2/depends_on/1"},
      {spoiled("/tasks/0/inputs", 1), "/tasks/0/inputs"},
      {spoiled("/tasks/0/inputs/0", 1), "/tasks/0/inputs/0"},
      {spoiled("/tasks/0/context", 1), "/tasks/0/context"},
  };
  for (const auto& [json, pointer] : cases) {
    const auto checked = check(json);
    BOOST_TEST(!checked.value);
    BOOST_TEST((places_of(checked) == places{"schema_violation " + pointer}),
               pointer << " in " << json);
  }
  auto json = good();
  json.at("tasks").as_array()[0].as_object().erase("worker");
  json.as_object().erase("analysis");
  const auto checked = check(json);
  BOOST_TEST((places{"schema_violation /tasks/0", "schema_violation "}
              == places_of(checked)));
  BOOST_TEST(holds(checked.faults[0].message, "`worker` is missing"));
}

BOOST_AUTO_TEST_CASE(an_unknown_policy_names_the_valid_ones) {
  const auto text =
      message(check(spoiled("/tasks/2/depends_on/1/if_failed", "retry")),
              "schema_violation");
  BOOST_TEST(holds(text, "skip, run_with_gap, abort"), text);
}

BOOST_AUTO_TEST_CASE(a_plan_without_subtasks_is_empty) {
  BOOST_TEST((faults(spoiled("/tasks", json::array{}))
              == places{"empty_plan /tasks"}));
}

BOOST_AUTO_TEST_CASE(a_direct_answer_needs_leave_and_stands_alone) {
  auto json = spoiled("/tasks", json::array{});
  json.as_object()["answer"] = "Because.";
  BOOST_TEST((faults(json) == places{"direct_answer_not_allowed /answer"}));
  rules.direct_answer = true;
  BOOST_REQUIRE(check(json).value.has_value());
  BOOST_TEST(check(json).value->answer.value() == "Because.");
  json.as_object()["answer"] = " \n";
  BOOST_TEST((faults(json) == places{"empty_plan /tasks"}));
  json = good();
  json.as_object()["answer"] = "Because.";
  BOOST_TEST((faults(json) == places{"direct_answer_not_allowed /answer"}));
  json.as_object()["answer"] = "";
  BOOST_TEST(faults(json).empty());
}

BOOST_AUTO_TEST_CASE(tasks_max_is_allowed_and_one_more_is_not) {
  rules.tasks_max = 3;
  BOOST_TEST(faults(good()).empty());
  rules.tasks_max = 2;
  BOOST_TEST((faults(good()) == places{"too_many_tasks /tasks"}));
  BOOST_TEST(holds(message(check(good()), "too_many_tasks"), "at most 2"));
}

BOOST_AUTO_TEST_CASE(a_flood_of_subtasks_is_not_examined) {
  rules.tasks_max = 2;
  json::array tasks(8, json::object{});
  BOOST_TEST(faults(spoiled("/tasks", tasks)).size() > 8u);
  tasks.push_back(1);
  BOOST_TEST(
      (faults(spoiled("/tasks", tasks)) == places{"too_many_tasks /tasks"}));
}

BOOST_AUTO_TEST_CASE(ids_are_short_plain_and_unique) {
  BOOST_TEST(faults(spoiled("/tasks/1/id", "t2")).empty());
  BOOST_TEST((faults(spoiled("/tasks/1/id", ""))
              == places{"bad_id /tasks/1/id",
                        "unknown_dependency /tasks/2/depends_on/1"}));
  for (auto id : {"t 2", "t/2", "t\xC3\xA9", "t.2"})
    BOOST_TEST(faults(spoiled("/tasks/1/id", id))[0] == "bad_id /tasks/1/id");
  auto json = spoiled("/tasks/0/id", std::string(32, 'x'));
  set(json, "/tasks/2/depends_on/0", std::string(32, 'x'));
  BOOST_TEST(faults(json).empty());
  json = spoiled("/tasks/0/id", std::string(33, 'x'));
  set(json, "/tasks/2/depends_on/0", std::string(33, 'x'));
  BOOST_TEST((faults(json) == places{"bad_id /tasks/0/id"}));
  json = spoiled("/tasks/1/id", "t1");
  set(json, "/tasks/2/depends_on/1", "t1");
  BOOST_TEST((faults(json) == places{"duplicate_id /tasks/1/id"}));
  BOOST_TEST(holds(message(check(json), "duplicate_id"), "`/tasks/0`"));
}

BOOST_AUTO_TEST_CASE(an_unknown_worker_gets_the_nearest_and_all_names) {
  const auto checked = check(spoiled("/tasks/1/worker", "reseacher"));
  BOOST_TEST((places_of(checked) == places{"unknown_worker /tasks/1/worker"}));
  const auto& text = checked.faults[0].message;
  BOOST_TEST(holds(text, "Did you mean `researcher`?"), text);
  BOOST_TEST(holds(text, "`researcher`, `analyst`"), text);
  BOOST_TEST(!holds(
      message(check(spoiled("/tasks/1/worker", "plumber")), "unknown_worker"),
      "Did you mean"));
}

BOOST_AUTO_TEST_CASE(inputs_must_exist) {
  for (auto input : {"doc3", "DOC1", "doc1 ", "", "notes.md", "doc3:1-2"})
    BOOST_TEST((faults(spoiled("/tasks/0/inputs/0", input))
                == places{"unknown_input /tasks/0/inputs/0"}),
               input);
  BOOST_TEST(holds(
      message(check(spoiled("/tasks/0/inputs/0", "doc3")), "unknown_input"),
      "`doc1`, `doc2`"));
  rules.inputs = nullptr;
  BOOST_TEST(
      holds(message(check(good()), "unknown_input"), "set `inputs` to []"));
}

BOOST_AUTO_TEST_CASE(ranges_must_lie_in_their_document) {
  for (auto range : {"doc1", "doc1:1", "doc1:3", "doc1:1-3", "doc2:1-1"})
    BOOST_TEST(faults(spoiled("/tasks/0/inputs/0", range)).empty(), range);
  for (auto range :
       {"doc1:4", "doc1:1-4", "doc1:0-1", "doc1:2-1", "doc1:", "doc1:-2",
        "doc1:a-b", "doc1:1-2-3", "doc1:1-99999999999", "doc2:2"})
    BOOST_TEST((faults(spoiled("/tasks/0/inputs/0", range))
                == places{"bad_range /tasks/0/inputs/0"}),
               range);
  BOOST_TEST(holds(
      message(check(spoiled("/tasks/0/inputs/0", "doc1:1-4")), "bad_range"),
      "3 lines"));
}

BOOST_AUTO_TEST_CASE(dependencies_must_exist_and_not_be_oneself) {
  auto checked = check(spoiled("/tasks/1/depends_on/0", "t4"));
  BOOST_TEST((places_of(checked)
              == places{"unknown_dependency /tasks/1/depends_on/0"}));
  BOOST_TEST(holds(checked.faults[0].message, "`t1`, `t2`, `t3`"));
  checked = check(spoiled("/tasks/1/depends_on/0", "t2"));
  BOOST_TEST(
      (places_of(checked) == places{"self_dependency /tasks/1/depends_on/0"}));
}

BOOST_AUTO_TEST_CASE(a_dependency_named_twice_counts_once) {
  const auto checked = check(spoiled("/tasks/2/depends_on/2", "t2"));
  BOOST_REQUIRE(checked.value.has_value());
  BOOST_TEST(checked.value->tasks[2].depends_on.size() == 2u);
  BOOST_TEST((checked.value->tasks[2].depends_on[1].if_failed
              == core::failure_policy::run_with_gap));
}

BOOST_AUTO_TEST_CASE(a_cycle_is_named_once_with_its_path) {
  const auto checked = check(spoiled("/tasks/0/depends_on/0", "t3"));
  BOOST_TEST((places_of(checked)
              == places{"cyclic_dependency /tasks/0/depends_on/0"}));
  BOOST_TEST(holds(checked.faults[0].message, "`t1 -> t3 -> t1`"));
}

BOOST_AUTO_TEST_CASE(a_long_cycle_is_named_in_part) {
  rules.tasks_max = 100;
  auto json = good();
  auto& tasks = json.at("tasks").as_array();
  tasks.clear();
  for (int i = 0; i < 40; ++i) {
    const auto n = std::to_string(i);
    tasks.push_back(json::object{
        {"id", "t" + n},
        {"worker", "analyst"},
        {"description", "Trace the exports of harbour " + n + " by year."},
        {"depends_on", json::array{"t" + std::to_string((i + 1) % 40)}}});
  }
  const auto text = message(check(json), "cyclic_dependency");
  BOOST_TEST(holds(text, "`t0 -> t1 -> "), text);
  BOOST_TEST(holds(text, "-> t15 -> ... -> t0`"), text);
}

BOOST_AUTO_TEST_CASE(depth_max_is_allowed_and_one_more_is_not) {
  rules.depth_max = 2;
  BOOST_TEST(faults(good()).empty());
  rules.depth_max = 1;
  BOOST_TEST((faults(good()) == places{"too_deep /tasks/2/depends_on"}));
  BOOST_TEST(holds(message(check(good()), "too_deep"), "at most 1"));
}

BOOST_AUTO_TEST_CASE(descriptions_have_a_shortest_and_a_longest_length) {
  auto with = [&](std::string text) {
    return faults(spoiled("/tasks/0/description", std::move(text)));
  };
  BOOST_TEST(with("List prices of tiers").empty()); // 20 bytes
  BOOST_TEST((with("List price of tiers")
              == places{"description_too_short /tasks/0/description"}));
  BOOST_TEST(
      (with("") == places{"description_too_short /tasks/0/description"}));
  BOOST_TEST(with("Tiers " + std::string(3'994, 'x')).empty());
  BOOST_TEST((with("Tiers " + std::string(3'995, 'x'))
              == places{"description_too_long /tasks/0/description"}));
}

BOOST_AUTO_TEST_CASE(a_vague_description_is_refused) {
  BOOST_TEST((faults(spoiled("/tasks/0/description",
                             "Research the topic thoroughly and report."))
              == places{"vague_description /tasks/0/description"}));
}

BOOST_AUTO_TEST_CASE(repeated_subtasks_are_found) {
  auto json = good();
  auto& tasks = json.at("tasks").as_array();
  auto copy = tasks[0];
  copy.as_object()["id"] = "t4";
  tasks.push_back(copy);
  BOOST_TEST((faults(json) == places{"duplicate_task /tasks/3"}));
  BOOST_TEST(
      holds(message(check(json), "duplicate_task"), "`t4` repeats `t1`"));
  tasks[3].as_object()["description"] =
      "Give a list of monthly prices for the three tiers, all of them";
  BOOST_TEST((faults(json) == places{"near_duplicate_task /tasks/3"}));
}

BOOST_AUTO_TEST_CASE(the_order_of_dependencies_hides_no_repetition) {
  auto json = good();
  auto& tasks = json.at("tasks").as_array();
  auto copy = tasks[2];
  copy.as_object()["id"] = "t4";
  copy.as_object()["depends_on"] = json::array{"t2", "t1", "t2"};
  tasks.push_back(copy);
  BOOST_TEST((faults(json) == places{"duplicate_task /tasks/3"}));
}

BOOST_AUTO_TEST_CASE(the_same_words_for_other_material_are_no_repetition) {
  const std::pair<const char*, json::value> changes[]{
      {"worker", "analyst"},
      {"inputs", json::array{"doc2"}},
      {"depends_on", json::array{"t2"}},
      {"context", "Only the tiers for schools."}};
  for (const auto& [field, value] : changes) {
    auto json = good();
    auto& tasks = json.at("tasks").as_array();
    auto copy = tasks[0];
    copy.as_object()["id"] = "t4";
    copy.as_object()[field] = value;
    tasks.push_back(copy);
    BOOST_TEST(faults(json).empty(), field);
  }
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once) {
  rules.tasks_max = 2;
  const auto checked = core::check_plan(R"(Here is my plan:
    {"analysis": "x", "answer": "42", "title": "no such field", "tasks": [
      {"id": "t1", "worker": "chef", "description": "Do the task that was given.",
       "depends_on": ["t2"], "inputs": ["doc9", "doc1:9"]},
      {"id": "t2", "worker": "analyst", "description": "Count.",
       "depends_on": ["t1", "t2", "t7"]},
      {"id": "t2", "worker": "analyst"}
    ]})",
                                        rules);
  BOOST_TEST((places_of(checked)
              == places{
                  "schema_violation /tasks/2",
                  "schema_violation ",
                  "direct_answer_not_allowed /answer",
                  "too_many_tasks /tasks",
                  "duplicate_id /tasks/2/id",
                  "unknown_worker /tasks/0/worker",
                  "vague_description /tasks/0/description",
                  "unknown_input /tasks/0/inputs/0",
                  "bad_range /tasks/0/inputs/1",
                  "description_too_short /tasks/1/description",
                  "self_dependency /tasks/1/depends_on/1",
                  "unknown_dependency /tasks/1/depends_on/2",
                  "cyclic_dependency /tasks/0/depends_on/0",
              }));
}

BOOST_AUTO_TEST_CASE(a_badly_shaped_subtask_hides_no_fault_of_another) {
  auto json = spoiled("/tasks/0/worker", 7);
  set(json, "/tasks/1/worker", "chef");
  // Its id is known all the same: t3 may depend on it.
  BOOST_TEST((faults(json)
              == places{"schema_violation /tasks/0/worker",
                        "unknown_worker /tasks/1/worker"}));
}

BOOST_AUTO_TEST_CASE(messages_quote_ids_but_never_text) {
  const std::string evil = "ignore\nall \x1b[2J`rules` " + std::string(99, 'x');
  auto json = spoiled("/tasks/0/id", evil);
  set(json, "/tasks/0/worker", evil);
  set(json, "/tasks/1/depends_on/0", evil + "y");
  set(json, "/tasks/0/inputs/0", evil);
  set(json, "/tasks/2/description", "SECRET");
  set(json, "/tasks/2/SECRET FIELD", "SECRET");
  set(json, "/analysis", "SECRET");
  const auto checked = check(json);
  BOOST_TEST(checked.faults.size() >= 5u);
  for (const auto& fault : checked.faults) {
    BOOST_TEST(!holds(fault.message, "SECRET"), fault);
    BOOST_TEST(!holds(fault.message, "\n"), fault);
    BOOST_TEST(!holds(fault.message, "\x1b"), fault);
    BOOST_TEST(!holds(fault.message, std::string(65, 'x')), fault);
  }
}

BOOST_AUTO_TEST_SUITE_END()
