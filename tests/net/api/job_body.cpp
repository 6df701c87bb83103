#include "brigade/net/api/job_body.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

using namespace brigade;
using namespace brigade::net::api;

namespace {

job_order good(const std::string& body, const std::string& crew = "c") {
  auto read = read_job(body, crew);
  if (const auto* why = std::get_if<refusal>(&read))
    BOOST_FAIL(body + ": " + why->detail);
  return std::get<job_order>(read);
}

refusal bad(const std::string& body, const std::string& crew = "c") {
  auto read = read_job(body, crew);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<refusal>(read), body);
  return std::get<refusal>(read);
}

/// The places of all faults.
std::string faults(const std::string& body, const std::string& crew = "c") {
  const auto why = bad(body, crew);
  BOOST_TEST(why.status == 422);
  BOOST_TEST(why.code == "invalid_body");
  std::string out;
  for (const auto& fault : why.faults)
    out += fault.pointer + " ";
  return out;
}

std::string with(const std::string& members) {
  return R"({"goal":"g",)" + members + "}";
}

std::optional<std::int64_t> money(const std::string& value) {
  auto read = read_job(with(R"("budget":{"cost_usd":)" + value + "}"), "c");
  if (const auto* order = std::get_if<job_order>(&read))
    return order->cost_max->value;
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(job_bodies)

BOOST_AUTO_TEST_CASE(everything_that_can_be_asked_for_is_read) {
  const auto order =
      good(R"({"crew":"report","goal":"Do it","inputs":[)"
           R"({"name":"a.md","text":"A"},{"text":""}],)"
           R"("budget":{"cost_usd":"0.25","tokens_max":5,"calls_max":6,)"
           R"("tasks_max":7,"deadline_s":8},"plan":{"tasks":[]},)"
           R"("plan_only":true,"approval":"plan"})");
  BOOST_TEST(order.crew == "report");
  BOOST_TEST(order.goal == "Do it");
  BOOST_TEST_REQUIRE(order.inputs.size() == 2u);
  BOOST_TEST(order.inputs[0].name == "a.md");
  BOOST_TEST(order.inputs[0].text == "A");
  BOOST_TEST(order.inputs[1].name == "document 2");
  BOOST_TEST(order.cost_max->value == core::pico_per_usd / 4);
  BOOST_TEST(*order.tokens_max == 5u);
  BOOST_TEST(*order.calls_max == 6u);
  BOOST_TEST(*order.tasks_max == 7u);
  BOOST_TEST(*order.deadline_ms == 8000);
  BOOST_TEST(*order.plan_text == R"({"tasks":[]})");
  BOOST_TEST(order.plan_only);
  BOOST_TEST(order.approve_plan);
}

BOOST_AUTO_TEST_CASE(little_is_needed) {
  const auto order = good(R"({"goal":"g"})", "only");
  BOOST_TEST(order.crew == "only");
  BOOST_TEST(!order.cost_max.has_value());
  BOOST_TEST(!order.plan_text.has_value());
  BOOST_TEST(!good(with(R"("approval":"none")")).approve_plan);
  BOOST_TEST(*good(with(R"("plan":"{}")")).plan_text == "{}");
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
  BOOST_TEST(faults("{}", "") == "/crew /goal ");
  BOOST_TEST(faults(R"({"crew":1,"goal":null,"inputs":{},"budget":[],)"
                    R"("plan":7,"plan_only":"yes","approval":"maybe"})")
             == "/crew /goal /inputs /budget /plan /plan_only /approval ");
  BOOST_TEST(faults(R"({"goal":" \n\t"})") == "/goal ");
  BOOST_TEST(faults(R"({"goal":"a\u0000"})") == "/goal ");
  BOOST_TEST(faults(with(R"("inputs":[1,{},{"name":"","text":"x"},)"
                         R"({"name":"n","text":2},{"text":"","path":"/x"}])"))
             == "/inputs/0 /inputs/1/text /inputs/2/name /inputs/3/text "
                "/inputs/4/path ");
}

BOOST_AUTO_TEST_CASE(nothing_can_name_a_file_an_address_or_a_command) {
  for (const char* member : {"config", "webhook", "path", "url", "command",
                             "model", "price", "journal", "worker"})
    BOOST_TEST(faults(with("\"" + std::string{member} + "\":\"x\""))
               == "/" + std::string{member} + " ");
  BOOST_TEST(faults(with(R"("inputs":[{"url":"file:///etc/passwd"}])"))
             == "/inputs/0/url /inputs/0/text ");
  BOOST_TEST(faults(with(R"("budget":{"ceiling":1})")) == "/budget/ceiling ");
  // A pointer stays one.
  BOOST_TEST(faults(with(R"("a/b~c":1)")) == "/a~1b~0c ");
}

BOOST_AUTO_TEST_CASE(money_is_exact) {
  constexpr auto usd = core::pico_per_usd;
  BOOST_TEST((money("\"0.25\"") == usd / 4));
  BOOST_TEST((money("0.25") == usd / 4));
  BOOST_TEST((money("0.1") == usd / 10));
  BOOST_TEST((money("2") == 2 * usd));
  BOOST_TEST((money("0") == 0));
  BOOST_TEST((money("1e-12") == 1));
  BOOST_TEST((money("\"0.000000000001\"") == 1));
  for (const char* value :
       {"-1", "\"-1\"", "-0.5", "1e-13", "\"1e2\"", "\"\"", "\" 1\"", "null",
        "true", "[]", "1e300", "1e10", "10000000", "\"0.0000000000001\"",
        "18446744073709551615", "\"0x1\"", "\"1,5\"", "\"NaN\""})
    BOOST_TEST(!money(value).has_value(), value);
}

BOOST_AUTO_TEST_CASE(counts_have_bounds) {
  const auto budget = [](const std::string& member) {
    return with("\"budget\":{" + member + "}");
  };
  BOOST_TEST(*good(budget("\"deadline_s\":604800")).deadline_ms == 604'800'000);
  BOOST_TEST(*good(budget("\"tasks_max\":2147483647")).tasks_max
             == 2147483647u);
  for (const char* value : {"0", "-1", "1.5", "1e3", "604801", "\"60\"", "null",
                            "true", "99999999999999999999"})
    BOOST_TEST(faults(budget("\"deadline_s\":" + std::string{value}))
                   == "/budget/deadline_s ",
               value);
  BOOST_TEST(faults(budget("\"tasks_max\":2147483648"))
             == "/budget/tasks_max ");
  BOOST_TEST(faults(budget("\"tokens_max\":1000000000001,\"calls_max\":0"))
             == "/budget/tokens_max /budget/calls_max ");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_told_with_its_place) {
  const auto why = [](const std::string& body) {
    const auto refused = bad(body);
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.code == "invalid_json");
    return refused.detail;
  };
  BOOST_TEST(why("").find("ends too early") != std::string::npos);
  BOOST_TEST(why("{\"goal\":\"g").find("ends too early") != std::string::npos);
  BOOST_TEST(why("[1]").find("object") != std::string::npos);
  BOOST_TEST(why("goal=x").find("no JSON") != std::string::npos);
  BOOST_TEST(why("{\"goal\":\"g\"} x").find("no JSON") != std::string::npos);
  BOOST_TEST(why("{\"goal\":\"\xff\"}").find("no JSON") != std::string::npos);
  BOOST_TEST(why(R"({"goal":"a","goal":"b"})").find("\"goal\" stands twice")
             != std::string::npos);
  // Two spellings of one key.
  BOOST_TEST(why(R"({"goal":"a","go\u0061l":"b"})").find("stands twice")
             != std::string::npos);
  BOOST_TEST(why("{\"plan\":" + std::string(40, '[') + "1"
                 + std::string(40, ']') + "}")
                 .find("too deep")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(so_many_faults_are_told_and_no_more) {
  std::string members = "\"goal\":\"g\"";
  for (int i = 0; i < 200; ++i)
    members += ",\"x" + std::to_string(i) + "\":1";
  BOOST_TEST(bad("{" + members + "}").faults.size() == 100u);
  std::string inputs;
  for (std::size_t i = 0; i <= job_inputs_max; ++i)
    inputs += std::string{i == 0 ? "" : ","} + R"({"text":""})";
  BOOST_TEST(faults(with("\"inputs\":[" + inputs + "]")) == "/inputs ");
  const auto named = [](std::size_t bytes) {
    return with(R"("inputs":[{"text":"","name":")" + std::string(bytes, 'n')
                + R"("}])");
  };
  BOOST_TEST(good(named(input_name_bytes_max)).inputs.size() == 1u);
  BOOST_TEST(faults(named(input_name_bytes_max + 1)) == "/inputs/0/name ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(decision_bodies)

BOOST_AUTO_TEST_CASE(a_decision_may_have_a_comment_and_another_plan) {
  const auto read = [](const char* body, bool approved) {
    return std::get<plan_decision>(read_decision(body, approved));
  };
  BOOST_TEST(read("", true).approved);
  BOOST_TEST(!read("{}", false).approved);
  BOOST_TEST(read(R"({"comment":"no"})", false).comment == "no");
  const auto edited = read(R"({"plan":{"tasks":[]},"comment":"so"})", true);
  BOOST_TEST(*edited.plan_text == R"({"tasks":[]})");
}

BOOST_AUTO_TEST_CASE(what_it_may_not_have_is_told) {
  const auto places = [](const std::string& body, bool approved) {
    const auto read = read_decision(body, approved);
    std::string out;
    for (const auto& fault : std::get<refusal>(read).faults)
      out += fault.pointer + " ";
    return out;
  };
  // Only who approves may give another plan.
  BOOST_TEST(places(R"({"plan":{}})", false) == "/plan ");
  BOOST_TEST(places(R"({"comment":1,"plan":[]})", true) == "/comment /plan ");
  BOOST_TEST(places(R"({"by":"me"})", true) == "/by ");
  const auto long_text = [](std::size_t bytes) {
    return R"({"comment":")" + std::string(bytes, 'x') + R"("})";
  };
  BOOST_TEST(places(long_text(2001), false) == "/comment ");
  BOOST_TEST(std::holds_alternative<plan_decision>(
      read_decision(long_text(2000), false)));
  BOOST_TEST(std::get<refusal>(read_decision("[]", true)).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
