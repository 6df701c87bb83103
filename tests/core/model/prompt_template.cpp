// `{{name}}` templates among braces of all kinds.

#include "brigade/core/model/prompt_template.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace brigade::core;

namespace {

const template_values values{{"goal", "GOAL"}, {"task", "TASK"}};

std::string rendered(std::string_view text) {
  return render_template(text, values);
}

} // namespace

BOOST_AUTO_TEST_SUITE(prompt_templates)

BOOST_AUTO_TEST_CASE(names_are_replaced_by_their_values) {
  BOOST_TEST(rendered("{{goal}}") == "GOAL");
  BOOST_TEST(rendered("a {{goal}} b {{ task }} c{{  goal }}")
             == "a GOAL b TASK cGOAL");
  BOOST_TEST(rendered("{{goal}}{{goal}}") == "GOALGOAL");
  BOOST_TEST(rendered("") == "");
  BOOST_TEST(rendered("nothing") == "nothing");
}

BOOST_AUTO_TEST_CASE(json_survives_untouched) {
  for (const auto* text : {R"({"a": {"b": {}}})",
                           R"({"a":{"b":{"c":[1,{"d":"e"}]}}})",
                           "{{}}",
                           "{{ }}",
                           "{{{}}}",
                           R"({{"goal"}})",
                           "{{goal",
                           "goal}}",
                           "{{goal}",
                           "{goal}",
                           "{{go al}}",
                           "{{goal.x}}",
                           "{{1}}",
                           "{{-}}",
                           "{{",
                           "}}",
                           "{",
                           "{{\ngoal}}",
                           "{% goal %}",
                           "${goal}"})
    BOOST_TEST(rendered(text) == text);
}

BOOST_AUTO_TEST_CASE(a_name_inside_of_json_is_still_found) {
  BOOST_TEST(rendered(R"({"a":{"goal":"{{goal}}"}})")
             == R"({"a":{"goal":"GOAL"}})");
  BOOST_TEST(rendered(R"({"a":{"goal":{{goal}}}})")
             == R"({"a":{"goal":GOAL}})");
  BOOST_TEST(rendered("{{{goal}}}") == "{GOAL}");
  BOOST_TEST(rendered("{{ {{goal}}") == "{{ GOAL");
}

BOOST_AUTO_TEST_CASE(unknown_names_stay_as_they_are) {
  BOOST_TEST(rendered("{{other}} {{goal}} {{Goal}}")
             == "{{other}} GOAL {{Goal}}");
}

BOOST_AUTO_TEST_CASE(values_are_not_expanded_again) {
  BOOST_TEST(render_template("{{a}}{{b}}", {{"a", "{{b}}"}, {"b", "{{a}}"}})
             == "{{b}}{{a}}");
  BOOST_TEST(render_template("{{{a}}", {{"a", "{b}}"}, {"b", "x"}}) == "{{b}}");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_listed_once_and_in_order) {
  const auto names = unknown_template_names(
      "{{b}} {{goal}} {{ a }} {{b}} {{x y}} {\"j\":{\"k\":1}}", {"goal"});
  BOOST_TEST(names == (std::vector<std::string>{"b", "a"}),
             boost::test_tools::per_element());
  BOOST_TEST(unknown_template_names("{{goal}}", {"goal"}).empty());
}

BOOST_AUTO_TEST_CASE(text_without_known_names_is_never_changed) {
  const std::uint64_t seed = 5;
  std::mt19937_64 random{seed};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (auto count = random() % 20; count > 0; --count)
      text += "{}{} ga_1\""[random() % 10];
    BOOST_TEST_REQUIRE(rendered(text) == text, "seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
