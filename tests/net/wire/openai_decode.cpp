#include "brigade/net/wire/openai.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using core::finish_reason;
using core::outcome_code;

namespace {

core::outcome decode(std::string_view body, int status = 200,
                     const net::reply_headers& headers = {}) {
  static const net::secret_list secrets{core::secret{"sk-canary-0123456789"}};
  return net::wire::decode_chat(status, headers, body, {"main", &secrets, 0});
}

/// A reply as OpenAI sends it.
constexpr std::string_view whole =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1,)"
    R"("model":"m","choices":[{"index":0,"message":{"role":"assistant",)"
    R"("content":"Caf\u00e9 \"x\"\n\u4f60","refusal":null},"logprobs":null,)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":10,)"
    R"("completion_tokens":5,"total_tokens":15,"prompt_tokens_details":)"
    R"({"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":)"
    R"({"reasoning_tokens":3}},"service_tier":"default"})";

std::string with_message(std::string_view message,
                         std::string_view finish = R"("stop")") {
  return R"({"choices":[{"message":)" + std::string{message}
         + R"(,"finish_reason":)" + std::string{finish} + "}]}";
}

std::string with_usage(std::string_view usage) {
  return R"({"choices":[{"message":{"content":"x"}}],"usage":)"
         + std::string{usage} + "}";
}

bool malformed(std::string_view body) {
  return decode(body).code == outcome_code::reply_malformed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_wire_openai_decode)

BOOST_AUTO_TEST_CASE(a_whole_reply_gives_text_finish_and_usage) {
  auto result = decode(whole, 200, {"application/json", "", "", "", "req_9"});
  BOOST_TEST((result.code == outcome_code::ok));
  BOOST_TEST(result.http_status == 200);
  BOOST_TEST(result.reply.text.str() == "Caf\xC3\xA9 \"x\"\n\xE4\xBD\xA0");
  BOOST_TEST((result.reply.finish == finish_reason::stop));
  BOOST_REQUIRE(result.reply.usage.has_value());
  BOOST_TEST((*result.reply.usage == core::usage{10, 4, 5}));
  BOOST_TEST(result.request_id == "req_9");
  BOOST_TEST(result.message == "");
}

BOOST_AUTO_TEST_CASE(no_proper_prefix_of_a_reply_is_ok) {
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    BOOST_TEST(
        (decode(whole.substr(0, cut)).code == outcome_code::reply_malformed),
        cut);
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_never_breaks_the_reader) {
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (auto byte : {'\0', '"', '{', '}', '[', ',', '\xFF', '9'}) {
      std::string body{whole};
      body[at] = byte;
      auto code = decode(body).code;
      BOOST_TEST(
          (code == outcome_code::ok || code == outcome_code::reply_malformed));
    }
  }
}

BOOST_AUTO_TEST_CASE(white_space_around_a_reply_is_allowed_and_more_is_not) {
  auto body = " \r\n" + std::string{whole} + "\n\n ";
  BOOST_TEST((decode(body).code == outcome_code::ok));
  BOOST_TEST(malformed(body + "x"));
  BOOST_TEST(malformed(body + "{}"));
}

BOOST_AUTO_TEST_CASE(finish_reasons_are_told_apart) {
  auto finish = [](std::string_view text) {
    auto result = decode(with_message(R"({"content":"x"})", text));
    BOOST_TEST((result.code == outcome_code::ok));
    return result.reply.finish;
  };
  BOOST_TEST((finish(R"("stop")") == finish_reason::stop));
  BOOST_TEST((finish(R"("length")") == finish_reason::length));
  BOOST_TEST((finish(R"("content_filter")") == finish_reason::refused));
  BOOST_TEST((finish(R"("tool_calls")") == finish_reason::stop));
  BOOST_TEST((finish(R"("eos")") == finish_reason::stop));
  BOOST_TEST((finish(R"("")") == finish_reason::stop));
  BOOST_TEST((finish("null") == finish_reason::stop));
  BOOST_TEST((finish("7") == finish_reason::stop));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_the_text_of_a_refused_reply) {
  auto result =
      decode(with_message(R"({"content":null,"refusal":"I can't."})"));
  BOOST_TEST((result.code == outcome_code::ok));
  BOOST_TEST((result.reply.finish == finish_reason::refused));
  BOOST_TEST(result.reply.text.str() == "I can't.");
}

BOOST_AUTO_TEST_CASE(content_may_come_in_parts) {
  auto result = decode(with_message(
      R"({"content":[{"type":"text","text":"a\n"},{"text":"b","type":"text"},)"
      R"({"type":"thinking","text":"no"},{"type":"image","image":{"text":"no"}},)"
      R"("no",["no"],{"type":"output_text","text":"c"}]})"));
  BOOST_TEST((result.code == outcome_code::ok));
  BOOST_TEST(result.reply.text.str() == "a\nbc");
}

BOOST_AUTO_TEST_CASE(the_arguments_of_a_forced_tool_are_the_text) {
  auto result = decode(with_message(
      R"({"content":null,"tool_calls":[{"id":"1","type":"function","function":)"
      R"({"name":"plan","arguments":"{\"a\":1}"}},{"function":)"
      R"({"arguments":"second"}}]})",
      R"("tool_calls")"));
  BOOST_TEST((result.code == outcome_code::ok));
  BOOST_TEST(result.reply.text.str() == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(an_empty_list_of_tools_leaves_the_content) {
  auto result = decode(with_message(R"({"content":"x","tool_calls":[]})"));
  BOOST_TEST(result.reply.text.str() == "x");
}

BOOST_AUTO_TEST_CASE(reasoning_is_not_part_of_the_answer) {
  auto result = decode(with_message(
      R"({"reasoning_content":"hm","content":"x","reasoning":{"content":"y"}})"));
  BOOST_TEST(result.reply.text.str() == "x");
}

BOOST_AUTO_TEST_CASE(only_the_first_choice_counts) {
  auto result = decode(R"({"choices":[{"message":{"content":"a"}},)"
                       R"({"message":{"content":"b"}}]})");
  BOOST_TEST(result.reply.text.str() == "a");
}

BOOST_AUTO_TEST_CASE(an_answer_without_content_needs_a_reason) {
  BOOST_TEST(malformed(with_message(R"({"content":null})")));
  BOOST_TEST(malformed(with_message(R"({})")));
  BOOST_TEST(malformed(with_message(R"({"content":7})")));
  BOOST_TEST(malformed(with_message(R"({"content":{"text":"x"}})")));
  BOOST_TEST(malformed(with_message("null")));
  auto filtered =
      decode(with_message(R"({"content":null})", R"("content_filter")"));
  BOOST_TEST((filtered.code == outcome_code::ok));
  BOOST_TEST((filtered.reply.finish == finish_reason::refused));
  auto cut = decode(with_message(R"({"content":null})", R"("length")"));
  BOOST_TEST((cut.code == outcome_code::ok));
  BOOST_TEST((cut.reply.finish == finish_reason::length));
  auto empty = decode(with_message(R"({"content":""})"));
  BOOST_TEST((empty.code == outcome_code::ok));
}

BOOST_AUTO_TEST_CASE(json_of_another_shape_is_malformed) {
  for (auto body :
       {"{}", "[]", "null", "7", "\"x\"", R"({"choices":[]})",
        R"({"choices":null})", R"({"choices":{}})", R"({"choices":["x"]})",
        R"([{"choices":[{"message":{"content":"x"}}]}])",
        R"({"x":{"choices":[{"message":{"content":"x"}}]}})"})
    BOOST_TEST(malformed(body), body);
}

BOOST_AUTO_TEST_CASE(a_missing_or_impossible_usage_is_none) {
  auto usage = [](std::string_view text) {
    auto result = decode(with_usage(text));
    BOOST_TEST((result.code == outcome_code::ok));
    return result.reply.usage;
  };
  BOOST_TEST((usage(R"({"prompt_tokens":1,"completion_tokens":2})").value()
              == core::usage{1, 0, 2}));
  BOOST_TEST((usage(R"({"prompt_tokens":0,"completion_tokens":0})").value()
              == core::usage{}));
  BOOST_TEST(usage(R"({"prompt_tokens":1000000000,"completion_tokens":2})")
                 .has_value());
  BOOST_TEST(usage(R"({"prompt_tokens":9,"completion_tokens":1,)"
                   R"("prompt_tokens_details":{"cached_tokens":9}})")
                 .has_value());
  BOOST_TEST(usage(R"({"prompt_tokens":9,"completion_tokens":1,)"
                   R"("prompt_tokens_details":null})")
                 .has_value());
  for (auto text :
       {"null", "{}", "[]", "7", R"({"prompt_tokens":1})",
        R"({"completion_tokens":1})",
        R"({"prompt_tokens":null,"completion_tokens":1})",
        R"({"prompt_tokens":-1,"completion_tokens":1})",
        R"({"prompt_tokens":1,"completion_tokens":-1})",
        R"({"prompt_tokens":1.0,"completion_tokens":1})",
        R"({"prompt_tokens":1e400,"completion_tokens":1})",
        R"({"prompt_tokens":"1","completion_tokens":1})",
        R"({"prompt_tokens":true,"completion_tokens":1})",
        R"({"prompt_tokens":[1],"completion_tokens":1})",
        R"({"prompt_tokens":1000000001,"completion_tokens":1})",
        R"({"prompt_tokens":18446744073709551615,"completion_tokens":1})",
        R"({"prompt_tokens":18446744073709551617,"completion_tokens":1})",
        R"({"prompt_tokens":9,"completion_tokens":1,)"
        R"("prompt_tokens_details":{"cached_tokens":10}})",
        R"({"prompt_tokens":9,"completion_tokens":1,)"
        R"("prompt_tokens_details":{"cached_tokens":-1}})"})
    BOOST_TEST(!usage(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_is_refused) {
  BOOST_TEST(malformed(R"({"choices":[{"message":{"content":"a"}}],)"
                       R"("choices":[{"message":{"content":"b"}}]})"));
  BOOST_TEST(malformed(with_message(R"({"content":"a","content":"b"})")));
  BOOST_TEST(malformed(with_message(R"({"content":"a","c\u006fntent":"b"})")));
  BOOST_TEST(malformed(with_usage(
      R"({"prompt_tokens":9,"prompt_tokens":1,"completion_tokens":1})")));
  BOOST_TEST(
      malformed(with_message(R"({"content":[{"text":"a","text":"b"}]})")));
}

BOOST_AUTO_TEST_CASE(nesting_is_limited) {
  auto nested = [](std::size_t depth) {
    return R"({"x":)" + std::string(depth, '[') + std::string(depth, ']')
           + R"(,"choices":[{"message":{"content":"x"}}]})";
  };
  BOOST_TEST((decode(nested(31)).code == outcome_code::ok));
  BOOST_TEST(malformed(nested(32)));
  BOOST_TEST(malformed(nested(100'000)));
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused) {
  BOOST_TEST(malformed(with_message("{\"content\":\"a\xFF\"}")));
  BOOST_TEST(malformed(with_message("{\"content\":\"a\xED\xA0\x80\"}")));
  BOOST_TEST(malformed(with_message(R"({"content":"\ud800"})")));
}

BOOST_AUTO_TEST_CASE(an_error_is_read_from_the_body_whatever_the_status) {
  auto result = decode(
      R"({"error":{"message":"You exceeded\nyour quota","type":"x","param":null,)"
      R"("code":"insufficient_quota"}})",
      429);
  BOOST_TEST((result.code == outcome_code::quota_exhausted));
  BOOST_TEST(result.message.find("You exceeded your quota")
             != std::string::npos);
  result = decode(R"({"error":{"message":"slow down","code":429}})");
  BOOST_TEST((result.code == outcome_code::rate_limited));
  BOOST_TEST(result.http_status == 200);
  result = decode(R"({"error":"model 'x' not found"})", 404);
  BOOST_TEST((result.code == outcome_code::not_found));
  BOOST_TEST(result.message.find("model 'x' not found") != std::string::npos);
  // Whatever else stands beside it.
  result = decode(R"({"choices":[{"message":{"content":"x"}}],)"
                  R"("error":{"message":"broken"}})");
  BOOST_TEST((result.code == outcome_code::server_error));
  BOOST_TEST((decode(R"({"error":null,)" + std::string{whole.substr(1)}).code
              == outcome_code::ok));
}

BOOST_AUTO_TEST_CASE(a_complete_answer_with_a_failure_status_is_never_ok) {
  for (auto status : {301, 400, 401, 404, 429, 500, 503})
    BOOST_TEST((decode(whole, status).code != outcome_code::ok), status);
  BOOST_TEST((decode(whole, 201).code == outcome_code::ok));
}

BOOST_AUTO_TEST_CASE(a_web_page_is_called_a_web_page) {
  auto result = decode("<!doctype html><html>...", 200, {"text/html"});
  BOOST_TEST((result.code == outcome_code::reply_malformed));
  BOOST_TEST(result.message.find("a web page instead of JSON")
             != std::string::npos);
  BOOST_TEST(decode("").message.find("an empty body") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_that_the_server_sends_back_is_masked) {
  auto result =
      decode(with_message(R"({"content":"key sk-canary-0123456789!"})"));
  BOOST_TEST(result.reply.text.str() == "key ***!");
  result = decode("not json sk-canary-0123456789");
  BOOST_TEST(result.message.find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
