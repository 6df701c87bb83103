// What is said over the control socket.
#include "brigade/app/control_message.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace brigade;
using namespace brigade::app;
using core::decision_kind;

namespace {

const std::string run = "01ARYZ6S41TSV4RRFFQ69G5FAV";

control_request request(decision_kind kind) {
  return {core::run_id{run}, {kind, "", "a \"comment\"\n", {}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(control_message)

BOOST_AUTO_TEST_CASE(requests_survive_their_line) {
  for (auto kind :
       {decision_kind::approve, decision_kind::reject, decision_kind::cancel}) {
    const auto line = to_line(request(kind));
    BOOST_TEST(line.find('\n') == std::string::npos);
    const auto again = parse_control_request(line);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->run.text == run);
    BOOST_TEST((again->decision.kind == kind));
    BOOST_TEST(again->decision.comment == "a \"comment\"\n");
    BOOST_TEST(!again->decision.plan_text.has_value());
  }
  auto edited = request(decision_kind::approve);
  edited.decision.plan_text = "{\n}";
  const auto again = parse_control_request(to_line(edited));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(*again->decision.plan_text == "{\n}");
}

BOOST_AUTO_TEST_CASE(who_asks_cannot_say_so) {
  auto asked = request(decision_kind::cancel);
  asked.decision.by = "root";
  BOOST_TEST(to_line(asked).find("root") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_request) {
  const std::vector<std::string> wrong{
      "",
      "{}",
      "[]",
      R"({"do":"cancel"})",
      R"({"do":"expire","run":")" + run + R"("})",
      R"({"do":"cancel","run":"../x"})",
      R"({"do":"cancel","run":")" + run + R"(","by":"x"})",
      R"({"do":"cancel","run":")" + run + R"(","comment":1})",
      R"({"do":"cancel","run":")" + run + R"(","plan":"{}"})",
      R"({"do":"approve","run":")" + run + R"(","plan":{}})",
      R"({"do":"cancel","do":"approve","run":")" + run + R"("})",
      R"({"do":"cancel","run":")" + run + R"("} x)",
      R"({"do":"approve","run":")" + run + R"(","plan":")"
          + std::string(edited_plan_bytes_max + 1, 'x') + R"("})",
  };
  for (const auto& line : wrong)
    BOOST_TEST(!parse_control_request(line).has_value(), line.substr(0, 80));
  BOOST_TEST(parse_control_request(R"({"do":"cancel","run":")" + run + R"("})")
                 .has_value());
}

BOOST_AUTO_TEST_CASE(answers_survive_their_line) {
  const control_answer bad{false,
                           "plan_faults",
                           "it has faults",
                           {{"bad_id", "/tasks/0/id", "Use letters."}}};
  for (const auto& answer : {control_answer{}, bad})
    BOOST_TEST((parse_control_answer(to_line(answer)) == answer));
  for (const char* line :
       {"", "{}", R"({"ok":1})", R"({"ok":true,"more":1})",
        R"({"ok":false,"faults":[1]})", R"({"ok":false,"faults":{}})"})
    BOOST_TEST(!parse_control_answer(line).has_value(), line);
}

BOOST_AUTO_TEST_SUITE_END()
