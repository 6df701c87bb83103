// The document of a run: what is written comes back whole, and whatever else
// is read says where it is wrong.

#include "brigade/core/run/run_export.hpp"

#include "export_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace brigade::core;
namespace json = boost::json;

namespace {

run_export small_run() {
  run_export run;
  run.id = make_run_id(1'700'000'000'000, {1});
  crew c;
  c.name = "small";
  run.source.crew = crew_to_json(c);
  auto inputs = std::make_shared<input_set>();
  inputs->emplace_back("doc1", "prices.md", "one\ntwo\n");
  run.source.inputs = inputs;
  event first{1, 5, 0, events::run_suspended{"interrupt"}};
  event second{2, 6, 1, events::task_started{"t1", 2}};
  run.events = {first, second};
  return run;
}

run_export nested_run(std::size_t levels) {
  auto run = small_run();
  if (levels > 0)
    run.nested.push_back(nested_run(levels - 1));
  return run;
}

std::string fault_of(const std::string& text) {
  const auto reading = run_export_from_json(text);
  BOOST_TEST(!reading.value.has_value());
  return reading.value ? "" : to_string(reading.fault);
}

/// What is said when `change` was done to the document of `small_run`.
std::string fault_after(const std::function<void(json::object&)>& change) {
  auto whole = json::parse(to_json(small_run()));
  change(whole.as_object());
  return fault_of(json::serialize(whole));
}

json::object& first_event(json::object& run) {
  return run["events"].as_array()[0].as_object();
}

void each_value(json::value& value,
                const std::function<void(json::value&)>& f) {
  f(value);
  if (auto* object = value.if_object())
    for (auto& member : *object)
      each_value(member.value(), f);
  if (auto* array = value.if_array())
    for (auto& element : *array)
      each_value(element, f);
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_exports)

BOOST_AUTO_TEST_CASE(random_runs_come_back_whole) {
  const std::uint64_t seed = 4'711;
  brigade::test::export_sampler sampler{seed};
  for (int round = 0; round < 500; ++round) {
    const auto before = sampler.next();
    const auto text = to_json(before);
    const auto again = run_export_from_json(text);
    BOOST_TEST_REQUIRE(again.value.has_value(),
                       "seed " << seed << ": " << to_string(again.fault));
    BOOST_TEST_REQUIRE((to_json(*again.value) == text), "seed " << seed);
    BOOST_TEST((again.value->id == before.id));
    BOOST_TEST(again.value->source.crew == before.source.crew);
    BOOST_TEST(again.value->source.plan_only == before.source.plan_only);
    BOOST_TEST((again.value->source.plan_text == before.source.plan_text));
    BOOST_TEST(again.value->source.origin == before.source.origin);
    BOOST_TEST(again.value->events.size() == before.events.size());
    BOOST_TEST(again.value->nested.size() == before.nested.size());
    const auto& inputs = *again.value->source.inputs;
    BOOST_REQUIRE(inputs.size() == before.source.inputs->size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
      BOOST_TEST(inputs[i].text() == (*before.source.inputs)[i].text());
  }
}

BOOST_AUTO_TEST_CASE(the_form_is_the_documented_one) {
  auto run = small_run();
  run.source.crew.clear();
  run.events.pop_back();
  BOOST_TEST(to_json(run)
             == R"({"format":"brigade.run","version":1,"id":")" + run.id.text
                    + R"(","crew":null,"inputs":[{"id":"doc1",)"
                      R"("name":"prices.md","text":"one\ntwo\n"}],)"
                      R"("plan_text":null,"plan_only":false,"origin":"",)"
                      R"("events":[{"seq":1,"wall_ms":5,"at_ms":0,)"
                      R"("type":"run.suspended",)"
                      R"("data":{"reason":"interrupt"}}],"nested":[]})");
}

BOOST_AUTO_TEST_CASE(a_crew_that_is_no_object_is_written_as_none) {
  auto run = small_run();
  for (const char* crew : {"", "[]", "{", "null", "{} {}"}) {
    run.source.crew = crew;
    const auto again = run_export_from_json(to_json(run));
    BOOST_REQUIRE(again.value.has_value());
    BOOST_TEST(again.value->source.crew.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_document_that_is_cut_off_anywhere_is_refused) {
  const auto text = to_json(nested_run(1));
  BOOST_TEST(run_export_from_json(text).value.has_value());
  for (std::size_t size = 0; size < text.size(); ++size)
    BOOST_TEST(fault_of(text.substr(0, size))
                   == "the document: ends in the middle: it was cut off",
               size);
}

BOOST_AUTO_TEST_CASE(a_missing_mistyped_or_surplus_member_is_refused) {
  auto whole = json::parse(to_json(nested_run(1)));
  const auto refused = [&whole] {
    const auto reading = run_export_from_json(json::serialize(whole));
    return !reading.value && !reading.fault.message.empty();
  };
  BOOST_TEST(!refused());
  each_value(whole, [&](json::value& value) {
    const auto kept = value;
    if (auto* object = value.if_object()) {
      const json::object members = *object;
      for (const auto& member : members) {
        object->erase(member.key());
        BOOST_TEST(refused(), "without " << member.key());
        *object = members;
      }
      object->emplace("surplus", 1);
      BOOST_TEST(refused());
    }
    for (const json::value& wrong :
         {json::value(1.5), json::value(1e300), json::value(json::array{1.5}),
          json::value(json::object{{"surplus", 1}})}) {
      value = wrong;
      BOOST_TEST(refused(), kept << " as " << wrong);
    }
    value = kept;
  });
}

BOOST_AUTO_TEST_CASE(a_fault_says_where_and_what) {
  BOOST_TEST(fault_after([](auto& run) { run["format"] = "brigade.runs"; })
             == "/format: must be \"brigade.run\"");
  BOOST_TEST(fault_after([](auto& run) { run["version"] = 2; })
             == "/version: is 2; only version 1 can be read");
  BOOST_TEST(fault_after([](auto& run) { run["version"] = "1"; })
             == "/version: must be a whole number");
  BOOST_TEST(fault_after([](auto& run) { run["id"] = "x"; })
             == "/id: must be the id of a run");
  BOOST_TEST(fault_after([](auto& run) { run.erase("inputs"); })
             == "/inputs: is missing");
  BOOST_TEST(fault_after([](auto& run) { run["a\nb"] = 1; })
             == "the document: has a member that is not known: \"a?b\"");
  BOOST_TEST(fault_after([](auto& run) {
               run["crew"].as_object()["limits"].as_object()["tasks_max"] = -1;
             })
             == "/crew/limits/tasks_max: is out of range");
  BOOST_TEST(fault_after([](auto& run) {
               run["crew"].as_object()["limits"].as_object()["cost_usd"] =
                   "0.50";
             })
             == "/crew/limits/cost_usd: is none of the values that it can "
                "have");
  BOOST_TEST(fault_after([](auto& run) {
               first_event(run)["data"].as_object()["reason"] = 7;
             })
             == "/events/0/data/reason: must be a string");
  BOOST_TEST(fault_after([](auto& run) { first_event(run)["type"] = "x"; })
             == "/events/0/type: names no kind of event");
  BOOST_TEST(fault_after([](auto& run) { run["nested"] = {1}; })
             == "/nested/0: must be an object");
}

BOOST_AUTO_TEST_CASE(events_count_from_one) {
  BOOST_TEST(fault_after([](auto& run) { first_event(run)["seq"] = 0; })
             == "/events/0/seq: must be 1");
  BOOST_TEST(fault_after([](auto& run) {
               run["events"].as_array().erase(run["events"].as_array().begin());
             })
             == "/events/0/seq: must be 1");
}

BOOST_AUTO_TEST_CASE(inputs_are_texts_with_names_of_their_own) {
  const auto with_input = [](const char* key, const std::string& value) {
    return fault_after([&](auto& run) {
      run["inputs"].as_array()[0].as_object()[key] = value;
    });
  };
  BOOST_TEST(with_input("id", "../x")
             == "/inputs/0/id: must be the name of a document, such as doc1");
  BOOST_TEST(with_input("id", "doc1:2-3")
             == "/inputs/0/id: must be the name of a document, such as doc1");
  BOOST_TEST(with_input("text", std::string{"a\0b", 3})
             == "/inputs/0/text: is not UTF-8 text without NUL");
  BOOST_TEST(with_input("text", "a\xFF")
             == "/inputs/0/text: is not UTF-8 text without NUL");
  BOOST_TEST(fault_after([](auto& run) {
               auto& inputs = run["inputs"].as_array();
               const json::value again = inputs[0];
               inputs.push_back(again);
             })
             == "/inputs/1/id: stands twice");
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_twice_is_refused_at_any_depth) {
  auto text = to_json(small_run());
  BOOST_TEST(fault_of("{\"id\":1," + text.substr(1))
                 .starts_with("the document: holds the key \"id\" twice"));
  const auto at = text.find("{\"reason\"");
  text.insert(at + 1, "\"reason\":\"x\",");
  BOOST_TEST(fault_of(text).starts_with(
      "the document: holds the key \"reason\" twice"));
}

BOOST_AUTO_TEST_CASE(runs_are_read_eight_deep_and_no_deeper) {
  BOOST_TEST(run_export_from_json(to_json(nested_run(run_export_nesting_max)))
                 .value.has_value());
  const auto said = fault_of(to_json(nested_run(run_export_nesting_max + 1)));
  BOOST_TEST(said.ends_with("/nested: holds runs that are nested too deep"));
}

BOOST_AUTO_TEST_CASE(the_deepest_crew_fits_into_the_deepest_run) {
  crew c = builtin_crew();
  c.models[0].price = price{{}, {{1, {}}}};
  for (std::size_t i = 0; i < crew_nesting_max; ++i) {
    crew around;
    around.workers.emplace_back().nested = std::make_shared<const crew>(c);
    c = around;
  }
  auto run = small_run();
  run.source.crew = crew_to_json(c);
  for (std::size_t i = 0; i < run_export_nesting_max; ++i) {
    auto around = small_run();
    around.nested.push_back(run);
    run = around;
  }
  const auto reading = run_export_from_json(to_json(run));
  BOOST_TEST(reading.value.has_value(), to_string(reading.fault));
}

BOOST_AUTO_TEST_CASE(deep_and_huge_documents_are_refused_without_recursion) {
  for (const char* opening : {"[", "{\"nested\":", "{\"format\":[{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
      text += opening;
    BOOST_TEST(fault_of(text).starts_with("the document: is nested too deep"));
  }
  BOOST_TEST(fault_after([](auto& run) {
               run["events"] = json::array(100'000, json::value(nullptr));
             })
             == "/events/0: must be an object");
  BOOST_TEST(fault_of("99999999999999999999999999999999")
             == "the document: must be an object");
  auto text = to_json(small_run());
  text.replace(text.find("\"version\":1"), 11, "\"version\":1e999");
  BOOST_TEST(fault_of(text) == "/version: must be a whole number");
}

BOOST_AUTO_TEST_CASE(a_nested_run_stands_there_once) {
  auto run = nested_run(1);
  run.nested.push_back(run.nested[0]);
  BOOST_TEST(fault_of(to_json(run)) == "/nested/1/id: stands twice");
}

BOOST_AUTO_TEST_CASE(what_is_no_run_is_refused) {
  for (const char* text : {"", " ", "null", "[]", "{}", "1", "\"brigade.run\"",
                           "{\"format\":\"brigade.run\"}", "\xEF\xBB\xBF{}"})
    BOOST_TEST(!fault_of(text).empty());
}

BOOST_AUTO_TEST_SUITE_END()
