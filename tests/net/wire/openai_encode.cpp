#include "brigade/net/wire/json_text.hpp"
#include "brigade/net/wire/openai.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace brigade;
using core::speaker;
using core::structured_output;
using net::wire::check_quirks;
using net::wire::encode_chat;

namespace {

core::model_request request_with_schema() {
  core::model_request out;
  out.model = "fast";
  out.messages = {{speaker::system, "Be brief."}, {speaker::user, "Why?"}};
  out.output_tokens_max = 512;
  out.schema =
      core::schema_request{"plan", core::shared_text{R"({"type":"object"})"}};
  return out;
}

core::model_spec model_with(structured_output how) {
  core::model_spec out;
  out.alias = "fast";
  out.name = "gpt-5.4-mini";
  out.quirks.structured = how;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_wire_openai_encode)

BOOST_AUTO_TEST_CASE(a_plain_request_has_model_messages_and_the_output_limit) {
  auto request = request_with_schema();
  request.schema.reset();
  BOOST_TEST(
      encode_chat(request, model_with(structured_output::json_schema))
      == R"({"model":"gpt-5.4-mini","messages":[{"role":"system","content":)"
         R"("Be brief."},{"role":"user","content":"Why?"}],)"
         R"("max_completion_tokens":512})");
}

BOOST_AUTO_TEST_CASE(json_schema_is_asked_for_strictly) {
  auto body = encode_chat(request_with_schema(),
                          model_with(structured_output::json_schema));
  auto at = body.find(R"(,"response_format")");
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_TEST(
      body.substr(at)
      == R"(,"response_format":{"type":"json_schema","json_schema":{"name":)"
         R"("plan","strict":true,"schema":{"type":"object"}}}})");
}

BOOST_AUTO_TEST_CASE(json_object_puts_the_schema_into_the_last_message) {
  auto body = encode_chat(request_with_schema(),
                          model_with(structured_output::json_object));
  auto value = boost::json::parse(body);
  BOOST_TEST(value.at("response_format").at("type").as_string()
             == "json_object");
  auto last = std::string{
      value.at("messages").as_array().back().at("content").as_string()};
  BOOST_TEST(last.find("Why?\n\nAnswer with one JSON object") == 0);
  BOOST_TEST(last.ends_with("\n{\"type\":\"object\"}"));
}

BOOST_AUTO_TEST_CASE(prompt_has_the_schema_in_the_message_only) {
  auto value = boost::json::parse(encode_chat(
      request_with_schema(), model_with(structured_output::prompt)));
  BOOST_TEST(!value.as_object().contains("response_format"));
  BOOST_TEST(!value.as_object().contains("tools"));
  auto last = std::string{
      value.at("messages").as_array().back().at("content").as_string()};
  BOOST_TEST(last.ends_with("\n{\"type\":\"object\"}"));
}

BOOST_AUTO_TEST_CASE(the_schema_goes_to_the_last_message_that_instructs) {
  auto request = request_with_schema();
  request.messages.push_back({speaker::assistant, "{"});
  auto value = boost::json::parse(
      encode_chat(request, model_with(structured_output::prompt)));
  const auto& messages = value.at("messages").as_array();
  BOOST_TEST(messages.size() == 3);
  BOOST_TEST(messages[2].at("content").as_string() == "{");
  BOOST_TEST(messages[1].at("content").as_string().ends_with("}"));
  request.messages.clear();
  value = boost::json::parse(
      encode_chat(request, model_with(structured_output::prompt)));
  BOOST_TEST(value.at("messages").as_array().size() == 1);
}

BOOST_AUTO_TEST_CASE(tool_forces_one_function_and_forbids_more) {
  auto value = boost::json::parse(
      encode_chat(request_with_schema(), model_with(structured_output::tool)));
  BOOST_TEST(value.at("tools").as_array().size() == 1);
  const auto& function = value.at("tools").as_array()[0].at("function");
  BOOST_TEST(function.at("name").as_string() == "plan");
  BOOST_TEST(function.at("parameters").at("type").as_string() == "object");
  BOOST_TEST(value.at("tool_choice").at("function").at("name").as_string()
             == "plan");
  BOOST_TEST(value.at("parallel_tool_calls").as_bool() == false);
  BOOST_TEST(!value.as_object().contains("response_format"));
}

BOOST_AUTO_TEST_CASE(quirks_change_names_and_add_members) {
  auto model = model_with(structured_output::prompt);
  model.quirks.output_limit_field = "max_tokens";
  model.quirks.system_role = "developer";
  model.quirks.temperature_milli = 700;
  model.quirks.extra_body = " { \"seed\": 7, \"x\": {\"y\": []} }\n";
  auto request = request_with_schema();
  request.schema.reset();
  BOOST_TEST(
      encode_chat(request, model)
      == R"({"model":"gpt-5.4-mini","messages":[{"role":"developer","content":)"
         R"("Be brief."},{"role":"user","content":"Why?"}],"max_tokens":512,)"
         R"("temperature":0.7,"seed": 7, "x": {"y": []}})");
  model.quirks.extra_body = " { } ";
  BOOST_TEST(encode_chat(request, model).ends_with(R"("temperature":0.7})"));
}

BOOST_AUTO_TEST_CASE(a_temperature_is_written_exactly) {
  auto model = model_with(structured_output::prompt);
  auto written = [&](std::int32_t milli) {
    model.quirks.temperature_milli = milli;
    auto body = encode_chat({}, model);
    auto at = body.find("temperature\":") + 13;
    return body.substr(at, body.size() - at - 1);
  };
  BOOST_TEST(written(0) == "0");
  BOOST_TEST(written(1) == "0.001");
  BOOST_TEST(written(50) == "0.05");
  BOOST_TEST(written(1000) == "1");
  BOOST_TEST(written(1250) == "1.25");
  BOOST_TEST(written(-500) == "-0.5");
}

BOOST_AUTO_TEST_CASE(the_same_request_gives_the_same_bytes) {
  auto model = model_with(structured_output::json_object);
  BOOST_TEST(encode_chat(request_with_schema(), model)
             == encode_chat(request_with_schema(), model));
}

BOOST_AUTO_TEST_CASE(any_text_becomes_valid_json_and_valid_text_survives) {
  std::random_device device;
  auto seed = device();
  BOOST_TEST_INFO_SCOPE("seed " << seed);
  std::mt19937 random{seed};
  auto model = model_with(structured_output::json_schema);
  for (auto round = 0; round < 2000; ++round) {
    auto request = request_with_schema();
    std::string bytes;
    std::string ascii;
    for (auto i = random() % 40; i > 0; --i) {
      bytes += static_cast<char>(random() % 256);
      ascii += static_cast<char>(random() % 128);
    }
    request.messages = {{speaker::user, bytes}, {speaker::user, ascii}};
    boost::system::error_code ec;
    auto value = boost::json::parse(encode_chat(request, model), ec);
    BOOST_REQUIRE(!ec);
    BOOST_TEST(value.at("messages").as_array()[1].at("content").as_string()
               == ascii);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_become_the_replacement_character) {
  auto escaped = [](std::string_view text) {
    std::string out;
    net::wire::append_escaped(out, text);
    return out;
  };
  BOOST_TEST(escaped("a\xC3\xA9\xF0\x9F\x98\x80z")
             == "a\xC3\xA9\xF0\x9F\x98\x80z");
  BOOST_TEST(escaped("\xC3") == "\xEF\xBF\xBD");
  BOOST_TEST(escaped("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(escaped("\xE0\x80\x80").size() == 9);
  BOOST_TEST(escaped("\xED\xA0\x80").size() == 9);
  BOOST_TEST(escaped("\xF4\x90\x80\x80").size() == 12);
  BOOST_TEST(escaped("\xF4\x8F\xBF\xBF") == "\xF4\x8F\xBF\xBF");
  BOOST_TEST(escaped("\"\\\n\r\t\x01/") == R"(\"\\\n\r\t\u0001/)");
}

BOOST_AUTO_TEST_CASE(extra_members_cannot_change_what_a_call_costs) {
  auto problem = [](std::string extra) {
    core::wire_quirks quirks;
    quirks.extra_body = std::move(extra);
    return check_quirks(quirks).value_or("");
  };
  BOOST_TEST(problem("") == "");
  BOOST_TEST(problem(R"({"seed":1,"reasoning_effort":"low"})") == "");
  for (auto name : {"model", "messages", "max_tokens", "max_completion_tokens",
                    "response_format", "tools", "tool_choice", "stream", "n"})
    BOOST_TEST(problem("{\"" + std::string{name} + "\":1}").find(name)
               != std::string::npos);
  BOOST_TEST(problem(R"({"\u006e":5})").find("\"n\"") != std::string::npos);
  BOOST_TEST(problem("[]") == "extra_body is not a JSON object");
  BOOST_TEST(problem("{\"a\":1") == "extra_body is not a JSON object");
  BOOST_TEST(problem("{}{}") == "extra_body is not a JSON object");
}

BOOST_AUTO_TEST_CASE(quirks_that_name_nothing_are_refused) {
  core::wire_quirks quirks;
  BOOST_TEST(!check_quirks(quirks).has_value());
  quirks.output_limit_field.clear();
  BOOST_TEST(check_quirks(quirks).has_value());
  quirks.output_limit_field = "stream";
  BOOST_TEST(check_quirks(quirks).has_value());
  quirks.output_limit_field = "num_predict";
  BOOST_TEST(!check_quirks(quirks).has_value());
  quirks.system_role.clear();
  BOOST_TEST(check_quirks(quirks).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
