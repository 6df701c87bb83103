#include "brigade/net/api/chat_body.hpp"
#include "brigade/net/api/chat_order.hpp"

#include "brigade/core/run/input.hpp"

#include "fake_exchange.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

using namespace brigade;
using namespace brigade::net::api;
using brigade::net::api::test::request_of;

namespace {

chat_request good(const std::string& body) {
  auto read = read_chat(body);
  if (const auto* why = std::get_if<refusal>(&read))
    BOOST_FAIL(why->detail);
  return std::get<chat_request>(read);
}

refusal bad(const std::string& body) {
  auto read = read_chat(body);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<refusal>(read), body);
  return std::get<refusal>(read);
}

std::string with(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"Hi"}])"
         + (members.empty() ? "" : "," + members) + "}";
}

std::string saying(const std::string& messages) {
  return R"({"model":"m","messages":[)" + messages + "]}";
}

chat_request chat_of(const std::string& messages) {
  return good(saying(messages));
}

} // namespace

BOOST_AUTO_TEST_SUITE(chat_bodies)

BOOST_AUTO_TEST_CASE(what_chat_programs_always_send_is_ignored) {
  const auto read = good(with(
      R"("temperature":0.7,"top_p":1,"presence_penalty":0,"user":"u",)"
      R"("max_completion_tokens":5,"tools":[],"n":1,"tool_choice":null,)"
      R"("response_format":{"type":"text"},"stop":null,"x":{"y":[1]},)"
      R"("metadata":{"chat_id":"c"},"stream_options":null,"stream":null)"));
  BOOST_TEST(read.model == "m");
  BOOST_TEST(!read.stream);
  BOOST_TEST(!read.cost_max.has_value());
}

BOOST_AUTO_TEST_CASE(what_matters_is_read) {
  const auto read =
      good(with(R"("stream":true,"stream_options":{"include_usage":true},)"
                R"("metadata":{"max_cost_usd":"0.25"})"));
  BOOST_TEST(read.stream);
  BOOST_TEST(read.include_usage);
  BOOST_TEST(read.cost_max->value == core::pico_per_usd / 4);
  BOOST_TEST(good(with(R"("metadata":{"max_cost_usd":0.25})")).cost_max->value
             == core::pico_per_usd / 4);
}

BOOST_AUTO_TEST_CASE(text_parts_are_joined_and_roles_have_other_names) {
  const auto read =
      chat_of(R"({"role":"developer","content":"Be brief."},)"
              R"({"role":"assistant","content":null,"tool_calls":[]},)"
              R"({"role":"function","name":"f","content":"7"},)"
              R"({"role":"user","content":[{"type":"text","text":"a"},)"
              R"({"type":"text","text":"b"}]})");
  BOOST_TEST(read.messages.size() == 4u);
  BOOST_TEST((read.messages[0].role == chat_role::system));
  BOOST_TEST((read.messages[2].role == chat_role::tool));
  BOOST_TEST(read.messages[3].text == "ab");
}

BOOST_AUTO_TEST_CASE(what_the_answer_would_lack_is_refused) {
  for (const char* members :
       {R"("n":2)", R"("n":"1")", R"("tools":[{"type":"function"}])",
        R"("functions":[{}])", R"("tools":{})",
        R"("response_format":{"type":"json_object"})",
        R"("response_format":"text")"}) {
    const auto why = bad(with(members));
    BOOST_TEST(why.code == "unsupported_parameter", members);
    BOOST_TEST(why.status == 400);
  }
  BOOST_TEST(bad(with(R"("n":2)")).faults.front().pointer == "/n");
  for (const char* part : {R"({"type":"image_url","image_url":{"url":"x"}})",
                           R"({"type":"input_audio"})", R"({"type":"file"})"}) {
    const auto why =
        bad(saying(R"({"role":"user","content":[{"type":"text","text":"a"},)"
                   + std::string{part} + "]}"));
    BOOST_TEST(why.code == "unsupported_content");
    BOOST_TEST(why.faults.front().pointer == "/messages/0/content/1");
  }
}

BOOST_AUTO_TEST_CASE(each_fault_is_told_with_its_place) {
  const auto faults = [](const std::string& body) {
    const auto why = bad(body);
    BOOST_TEST(why.code == "invalid_body");
    BOOST_TEST(why.status == 400);
    std::string out;
    for (const auto& fault : why.faults)
      out += fault.pointer + " ";
    return out;
  };
  BOOST_TEST(faults("{}") == "/model /messages ");
  BOOST_TEST(faults(R"({"model":1,"messages":{}})") == "/model /messages ");
  BOOST_TEST(faults(saying("")) == "/messages ");
  BOOST_TEST(faults(saying("1")) == "/messages/0 ");
  BOOST_TEST(faults(saying(R"({"role":"user"})")) == "/messages/0/content ");
  BOOST_TEST(faults(saying(R"({"role":"king","content":"x"})"))
             == "/messages/0/role ");
  BOOST_TEST(faults(saying(R"({"content":"x"})")) == "/messages/0/role ");
  BOOST_TEST(faults(saying(R"({"role":"user","content":7})"))
             == "/messages/0/content ");
  BOOST_TEST(faults(saying(R"({"role":"user","content":[{"text":"x"}]})"))
             == "/messages/0/content/0/type ");
  BOOST_TEST(faults(saying(R"({"role":"user","content":[{"type":"text"}]})"))
             == "/messages/0/content/0/text ");
  BOOST_TEST(faults(saying(R"({"role":"user","content":"a\u0000b"})"))
             == "/messages/0/content ");
  // Nobody asks for anything.
  BOOST_TEST(faults(saying(R"({"role":"system","content":"x"},)"
                           R"({"role":"user","content":" \n"})"))
             == "/messages ");
  BOOST_TEST(faults(with(R"("stream":1,"stream_options":{"include_usage":0},)"
                         R"("metadata":{"max_cost_usd":"1e3"})"))
             == "/stream /stream_options/include_usage "
                "/metadata/max_cost_usd ");
  BOOST_TEST(faults(with(R"("metadata":[])")) == "/metadata ");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused) {
  for (const char* body :
       {"", "[]", "{", "{\"model\":1,\"model\":2}", "null", "{}{}"})
    BOOST_TEST(bad(body).code == "invalid_json", body);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chat_orders)

BOOST_AUTO_TEST_CASE(the_last_message_of_the_user_is_the_goal) {
  const auto order = order_of(good(with("")), "report");
  BOOST_TEST(order.crew == "report");
  BOOST_TEST(order.goal == "Hi");
  BOOST_TEST(order.inputs.empty());
}

BOOST_AUTO_TEST_CASE(what_was_said_before_is_a_document) {
  const auto order =
      order_of(chat_of(R"({"role":"system","content":"Answer in French."},)"
                       R"({"role":"user","content":"Who?"},)"
                       R"({"role":"assistant","content":"Ada."},)"
                       R"({"role":"user","content":"When?"},)"
                       R"({"role":"assistant","content":""})"),
               "report");
  BOOST_TEST(order.goal.starts_with("When?\n\n("));
  BOOST_TEST(order.goal.find("conversation.md") != std::string::npos);
  BOOST_TEST(order.goal.ends_with(
      "\n\nInstructions for the answer:\nAnswer in French."));
  BOOST_TEST(order.goal.find("Ada") == std::string::npos);
  BOOST_TEST_REQUIRE(order.inputs.size() == 1u);
  BOOST_TEST(order.inputs[0].name == "conversation.md");
  BOOST_TEST(order.inputs[0].text == "## User\n\nWho?\n\n## Assistant\n\nAda.");
}

BOOST_AUTO_TEST_CASE(what_is_too_long_for_a_goal_is_a_document) {
  const auto at_limit = std::string(chat_goal_bytes_max, 'x');
  const auto user = [](const std::string& text) {
    return chat_of(R"({"role":"user","content":")" + text + R"("})");
  };
  BOOST_TEST(order_of(user(at_limit), "c").goal == at_limit);
  // Two bytes each: no end falls between them.
  std::string wide = "x";
  while (wide.size() <= chat_goal_bytes_max)
    wide += "\u00e9";
  const auto order = order_of(user(wide), "c");
  BOOST_TEST(order.goal.size() < 5000u);
  BOOST_TEST(core::is_text(order.goal));
  BOOST_TEST_REQUIRE(order.inputs.size() == 1u);
  BOOST_TEST(order.inputs[0].name == "message.md");
  BOOST_TEST(order.inputs[0].text == wide);
}

BOOST_AUTO_TEST_CASE(long_instructions_are_a_document) {
  const auto order = [](std::size_t bytes) {
    return order_of(chat_of(R"({"role":"system","content":")"
                            + std::string(bytes, 'i')
                            + R"("},{"role":"user","content":"Go"})"),
                    "c");
  };
  BOOST_TEST(order(chat_instructions_bytes_max).inputs.empty());
  const auto longer = order(chat_instructions_bytes_max + 1);
  BOOST_TEST_REQUIRE(longer.inputs.size() == 1u);
  BOOST_TEST(longer.inputs[0].name == "instructions.md");
  BOOST_TEST(longer.goal
             == "Go\n\n(Follow the instructions in the document "
                "instructions.md.)");
}

BOOST_AUTO_TEST_CASE(a_call_has_the_message_or_the_whole_conversation) {
  const auto alone = call_of(chat_of(R"({"role":"system","content":"s"},)"
                                     R"({"role":"user","content":"Title?"})"),
                             "c");
  BOOST_TEST(alone.system == "s");
  BOOST_TEST(alone.prompt == "Title?");
  const auto more = call_of(chat_of(R"({"role":"user","content":"a"},)"
                                    R"({"role":"assistant","content":"b"},)"
                                    R"({"role":"user","content":"c"})"),
                            "c");
  BOOST_TEST(more.prompt
             == "## User\n\na\n\n## Assistant\n\nb\n\n## User\n\nc");
}

BOOST_AUTO_TEST_CASE(side_requests_are_recognised) {
  const auto asks = [](const std::string& text, std::string task = "-") {
    auto head = request_of("POST", "/v1/chat/completions");
    if (task != "-")
      head.fields.push_back({"x-openwebui-task", std::move(task)});
    return is_side_request(
        chat_of(R"({"role":"user","content":")" + text + R"("})"), head);
  };
  BOOST_TEST(asks("Hello", "title_generation"));
  BOOST_TEST(!asks("Hello", ""));
  BOOST_TEST(!asks("Hello", "{{TASK}}"));
  BOOST_TEST(!asks("Hello"));
  BOOST_TEST(asks("### Task:\\nGenerate a concise title"));
  BOOST_TEST(asks("\\n ### Task:\\nSuggest 3 follow-up questions"));
  BOOST_TEST(!asks("What does ### Task: mean?"));
  // A question with documents.
  BOOST_TEST(!asks("### Task:\\nRespond to the user query using the provided "
                   "context, incorporating inline citations"));
}

BOOST_AUTO_TEST_SUITE_END()
