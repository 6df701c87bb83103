#include "brigade/core/plan/plan_text.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>
#include <string>

namespace core = brigade::core;
namespace json = boost::json;

namespace {

const std::string plan = R"({"analysis":"a {b} ]","tasks":[{"id":"t1"}]})";

std::string found(std::string_view text) {
  auto result = core::find_plan_text(text);
  BOOST_TEST(result.value.has_value() == result.problem.empty());
  return result.value ? json::serialize(*result.value) : "";
}

std::string problem(std::string_view text) {
  auto result = core::find_plan_text(text);
  BOOST_TEST(!result.value);
  return result.problem;
}

bool says(std::string_view text, std::string_view part) {
  return problem(text).find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_text)

BOOST_AUTO_TEST_CASE(a_plan_is_found_alone_fenced_in_prose_and_after_thoughts) {
  BOOST_TEST(found(plan) == plan);
  BOOST_TEST(found(" \n" + plan + "\r\n") == plan);
  BOOST_TEST(found("\xEF\xBB\xBF" + plan) == plan);
  BOOST_TEST(found("```json\n" + plan + "\n```") == plan);
  BOOST_TEST(found("```\n" + plan + "\n```\nGood luck!") == plan);
  BOOST_TEST(found("```json\n" + plan) == plan);
  BOOST_TEST(found("Here it is [1]: " + plan + " I hope {this} helps.")
             == plan);
  BOOST_TEST(found("<think>maybe {\"tasks\":[]}?</think>" + plan) == plan);
  BOOST_TEST(found("maybe {\"tasks\":[]}?</think>\n" + plan) == plan);
  BOOST_TEST(found("<thinking>{\"a\": </thinking>" + plan) == plan);
}

BOOST_AUTO_TEST_CASE(any_single_object_is_returned_for_the_schema_to_judge) {
  BOOST_TEST(found(R"({"unexpected":[1,2,3]})") == R"({"unexpected":[1,2,3]})");
  BOOST_TEST(found("Well: {} ") == "{}");
}

BOOST_AUTO_TEST_CASE(of_several_objects_the_one_with_tasks_is_meant) {
  BOOST_TEST(found("e.g. {\"id\":1} or {\"id\":2}: " + plan) == plan);
  BOOST_TEST(says(plan + "\nor\n" + plan, "2 plans"));
  BOOST_TEST(says("{\"id\":1} or {\"id\":2}", "2 JSON objects"));
}

BOOST_AUTO_TEST_CASE(marks_inside_of_a_plan_are_text) {
  const std::string odd = R"({"analysis":"<think> ``` </think>","tasks":[]})";
  BOOST_TEST(found(odd) == odd);
  BOOST_TEST(found("So: " + odd) == odd);
}

BOOST_AUTO_TEST_CASE(what_was_found_instead_is_said) {
  BOOST_TEST(says("", "empty"));
  BOOST_TEST(says(" \n", "empty"));
  BOOST_TEST(says("I cannot do that.", "no JSON object"));
  BOOST_TEST(says("<!DOCTYPE html><html>502</html>", "HTML"));
  BOOST_TEST(says("[" + plan + "]", "array"));
  BOOST_TEST(says("```json\n[" + plan + "]\n```", "array"));
  BOOST_TEST(says("\"{\\\"tasks\\\":[]}\"", "string"));
  BOOST_TEST(says("<think>hm " + plan, "thinking"));
  BOOST_TEST(says("{\"tasks\":[],}", "syntax error at line 1, column 13"));
  BOOST_TEST(says("Sure:\n{\"tasks\":[],\n \"analysis\":'x'}",
                  "syntax error at line 3, column 13"));
  BOOST_TEST(says("{\"tasks\":[] // none\n}", "syntax error"));
  BOOST_TEST(says("{\"tasks\":[NaN]}", "syntax error"));
  BOOST_TEST(says("{\"tasks\":\"\xff\"}", "UTF-8"));
  BOOST_TEST(says(std::string("{\"tasks\":[]}\0", 13), "UTF-8"));
}

BOOST_AUTO_TEST_CASE(no_key_may_stand_twice_in_one_object) {
  BOOST_TEST(says(R"({"tasks":[],"tasks":[1]})", "the key `tasks`"));
  BOOST_TEST(says(R"({"tasks":[{"id":"a","\u0069d":"b"}]})", "the key `id`"));
  BOOST_TEST(says(R"({"tasks":[],"x y":1,"x y":2})", "a key"));
  std::string many = "{\"tasks\":0";
  for (int i = 0; i < 40; ++i)
    many += ",\"k" + std::to_string(i) + "\":{\"same\":1}";
  BOOST_TEST(found(many + "}") == many + "}");
  BOOST_TEST(says(many + ",\"k7\":0}", "the key `k7`"));
}

BOOST_AUTO_TEST_CASE(depth_32_is_read_and_33_is_not) {
  auto nested = [](std::size_t depth) {
    return "{\"tasks\":" + std::string(depth - 1, '[')
           + std::string(depth - 1, ']') + "}";
  };
  BOOST_TEST(found(nested(32)) == nested(32));
  BOOST_TEST(says(nested(33), "deeper than 32"));
  BOOST_TEST(says(std::string(500'000, '['), "JSON"));
}

BOOST_AUTO_TEST_CASE(one_mebibyte_is_read_and_a_byte_more_is_not) {
  std::string text =
      plan + std::string(core::plan_bytes_max - plan.size(), ' ');
  BOOST_TEST(found(text) == plan);
  BOOST_TEST(says(text + " ", "1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_cut_off_anywhere_is_never_taken_for_one) {
  const std::string whole =
      R"(Sure. {"analysis":"x","tasks":[{"id":"t1","d":"a\u00e9"},{"id":2}]})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    BOOST_TEST(!core::find_plan_text(whole.substr(0, cut)).value);
  BOOST_TEST(core::find_plan_text(whole).value.has_value());
  BOOST_TEST(says("{\"tasks\":[]} or rather {\"tasks\":[1", "cut off"));
}

BOOST_AUTO_TEST_CASE(a_part_of_broken_json_is_never_taken_for_a_plan) {
  BOOST_TEST(says(R"({"tasks":[{"id":"t1"},{"id":"t2"} {"id":"t3"}]})",
                  "syntax error"));
  // The whole plan behind something broken is one.
  BOOST_TEST(found("Like {\"tasks\": ...}: " + plan) == plan);
  BOOST_TEST(says(R"({"analysis":"x" "tasks":[{"id":"t1"}]})", "syntax error"));
}

BOOST_AUTO_TEST_CASE(problems_hold_no_text_of_the_reply) {
  const std::string secret = "IGNORE_ALL";
  for (const auto& text :
       {secret, "{\"" + secret + " x\":1,\"" + secret + " x\":1}",
        "{\"tasks\":" + secret + "}", "[\"" + secret + "\"]"})
    BOOST_TEST(problem(text).find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(hostile_text_is_searched_in_linear_time) {
  const auto fill = [](std::string_view unit) {
    std::string text;
    while (text.size() + unit.size() <= core::plan_bytes_max)
      text += unit;
    return text;
  };
  for (auto unit :
       {"{", "[", "{\"a\":", "{\"", "{\"a\":1,", "[{},", "<think>",
        "{\"a\":[{}],\"a\":1}", "{}", "<", "[[[[]]]]{", "{\"a\":\""})
    BOOST_TEST(!core::find_plan_text(fill(unit)).value);
}

BOOST_AUTO_TEST_CASE(mutated_replies_never_break_the_search) {
  const std::string base =
      "<think>{\"tasks\":</think> Plan: ```json\n" + plan + "\n``` [see {1}]";
  const unsigned seed = 20260817;
  BOOST_TEST_INFO("seed " << seed);
  std::mt19937 random(seed);
  constexpr std::string_view bytes = "{}[]\",:\\<>/`thin k0e-.\n\xc3\xa9\x01";
  for (int round = 0; round < 20'000; ++round) {
    auto text = base;
    for (auto edits = 1 + random() % 4; edits > 0; --edits) {
      const auto at = random() % text.size();
      const char byte = bytes[random() % bytes.size()];
      if (random() % 2 == 0)
        text[at] = byte;
      else
        text.insert(at, 1, byte);
    }
    const auto result = core::find_plan_text(text);
    BOOST_REQUIRE(result.value.has_value() == result.problem.empty());
    if (result.value)
      BOOST_REQUIRE(result.value->is_object());
  }
}

BOOST_AUTO_TEST_CASE(memory_comes_from_the_given_storage) {
  unsigned char buffer[4096];
  json::monotonic_resource memory(buffer, sizeof buffer, json::storage_ptr{});
  const auto result = core::find_plan_text(plan, &memory);
  BOOST_TEST((result.value->storage().get() == &memory));
}

BOOST_AUTO_TEST_SUITE_END()
