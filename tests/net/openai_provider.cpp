#include "brigade/net/openai_provider.hpp"

#include "provider_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace brigade;
using namespace brigade::net::test;

namespace {

net::openai_provider_options good_options() {
  net::openai_provider_options out;
  out.name = "main";
  out.base_url = "https://api.example/v1";
  return out;
}

std::string problem_of(net::openai_provider_options options) {
  auto made = net::make_openai_provider(std::move(options));
  return made ? "" : made.error();
}

bool has(const std::string& text, std::string_view part) {
  BOOST_TEST_INFO_SCOPE(text);
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_openai_provider)

BOOST_AUTO_TEST_CASE(good_options_make_a_provider_without_a_connection) {
  BOOST_TEST(problem_of(good_options()) == "");
}

BOOST_AUTO_TEST_CASE(a_bad_base_url_is_refused_with_the_providers_name) {
  auto options = good_options();
  options.base_url = "http://api.example/v1";
  BOOST_TEST(has(problem_of(options), "provider main: base_url uses plain"));
}

BOOST_AUTO_TEST_CASE(a_key_that_would_break_the_header_is_refused_unseen) {
  for (auto key : {"sk-canary\n", "sk-canary\r\nX: y", "sk canary",
                   "sk-canary\xC3\xA9", "sk-canary\x7F"}) {
    auto options = good_options();
    options.api_key = core::secret{std::string{key}};
    auto problem = problem_of(options);
    BOOST_TEST(has(problem, "api_key holds"));
    BOOST_TEST(!has(problem, "canary"));
  }
}

BOOST_AUTO_TEST_CASE(headers_cannot_be_smuggled_in) {
  auto problem = [](std::string name, std::string value) {
    auto options = good_options();
    options.headers.push_back(
        {std::move(name), core::secret{std::move(value)}});
    return problem_of(options);
  };
  BOOST_TEST(problem("OpenAI-Organization", "org-1") == "");
  BOOST_TEST(has(problem("X-A", "b\r\nHost: evil"), "X-A"));
  BOOST_TEST(has(problem("X A", "b"), "not a valid"));
  BOOST_TEST(has(problem("X-A:\r\nB", "b"), "not a valid"));
  BOOST_TEST(has(problem("", "b"), "not a valid"));
  BOOST_TEST(has(problem("Content-length", "5"), "set by Brigade"));
  BOOST_TEST(has(problem("TRANSFER-ENCODING", "chunked"), "set by Brigade"));
  BOOST_TEST(has(problem("host", "evil"), "set by Brigade"));
}

BOOST_AUTO_TEST_CASE(bad_quirks_name_their_model) {
  auto options = good_options();
  core::model_spec model;
  model.alias = "fast";
  model.quirks.extra_body = "nonsense";
  options.models.push_back(model);
  BOOST_TEST(has(problem_of(options), "model fast: extra_body"));
}

// What makes a replay possible without a key and without a network.
BOOST_AUTO_TEST_CASE(the_encoder_alone_gives_the_bytes_of_the_provider) {
  auto options = good_options();
  for (auto structured :
       {core::structured_output::json_schema, core::structured_output::prompt,
        core::structured_output::tool}) {
    core::model_spec model;
    model.alias = "m" + std::to_string(options.models.size());
    model.name = "gpt";
    model.quirks.structured = structured;
    model.quirks.temperature_milli = 700;
    options.models.push_back(model);
  }
  const auto encode = net::openai_encoder(options.models);
  auto made = net::make_openai_provider(options);
  BOOST_REQUIRE(made);
  core::model_request request;
  request.messages = {{core::speaker::system, "Be brief."},
                      {core::speaker::user, "Why?"}};
  request.schema = core::schema_request{"s", core::shared_text{"{}"}};
  request.output_tokens_max = 7;
  for (const char* alias : {"m0", "m1", "m2", "nobody"}) {
    request.model = alias;
    BOOST_TEST(encode(request) == (*made)->encode(request));
  }
  request.model = "m2";
  BOOST_TEST(has(encode(request), "tool_choice"));
}

BOOST_AUTO_TEST_CASE(an_unknown_alias_is_not_sent) {
  auto made = net::make_openai_provider(good_options());
  BOOST_REQUIRE(made);
  core::model_request request;
  request.model = "nobody";
  BOOST_TEST((*made)->encode(request) == "");
  core::prepared_call call;
  call.model = "nobody";
  core::outcome seen;
  (*made)->send(core::try_id{1}, call, std::chrono::seconds{1},
                [&](core::outcome result) { seen = std::move(result); });
  BOOST_TEST(code_of(seen) == "not_sent");
  BOOST_TEST(has(seen.message, "nobody"));
}

BOOST_AUTO_TEST_SUITE_END()
