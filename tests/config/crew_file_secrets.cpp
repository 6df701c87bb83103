// Keys come from the environment or a file, and no message ever holds one.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace brigade::config;
using test::fake;
using test::faults_of;
using test::parts;
using test::texts;

namespace {

const std::string key = "sk-live-0123456789abcdef";

using texts_of = std::vector<std::string>;

parts with_key(const std::string& value) {
  parts p;
  p.provider += "api_key = \"" + value + "\"\n";
  return p;
}

loaded load(const parts& p, texts environment = {}, texts files = {}) {
  return parse_crew(p.text(), "dir/c.toml",
                    fake(std::move(environment), std::move(files)));
}

/// No part of the key of five bytes is in any message.
void check_hidden(const loaded& result) {
  const auto all = faults_of(result) + test::warnings_of(result);
  for (std::size_t i = 0; i + 5 <= key.size(); ++i)
    BOOST_TEST(all.find(key.substr(i, 5)) == std::string::npos,
               "leaks " << key.substr(i, 5) << ": " << all);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_comes_from_the_environment) {
  const auto result = load(with_key("env:K"), {{"K", key + "\n"}});
  BOOST_TEST_REQUIRE(faults_of(result) == "");
  const auto& p = result.value->providers[0];
  BOOST_TEST(p.api_key.reveal() == key);
  BOOST_TEST(p.api_key_source == "env:K");
  BOOST_TEST(p.api_key_configured());
}

BOOST_AUTO_TEST_CASE(a_key_comes_from_a_file_beside_the_crew_file) {
  const auto result =
      load(with_key("file:keys/k"), {}, {{"dir/keys/k", key + "\r\n"}});
  BOOST_TEST_REQUIRE(faults_of(result) == "");
  BOOST_TEST(result.value->providers[0].api_key.reveal() == key);
  const auto absolute = load(with_key("file:/etc/k"), {}, {{"/etc/k", key}});
  BOOST_TEST_REQUIRE(faults_of(absolute) == "");
  BOOST_TEST(absolute.value->providers[0].api_key.reveal() == key);
}

BOOST_AUTO_TEST_CASE(a_missing_key_says_what_to_do) {
  const auto unset = load(with_key("env:OPENAI_API_KEY"));
  BOOST_TEST(faults_of(unset)
             == "dir/c.toml:5:11: providers.p.api_key: environment variable "
                "OPENAI_API_KEY is not set: export OPENAI_API_KEY=...\n");
  BOOST_TEST_REQUIRE(unset.faults.size() == 1u);
  BOOST_TEST((unset.faults[0].kind == fault_kind::missing_secret));
  const auto file = load(with_key("file:k"));
  BOOST_TEST(faults_of(file)
             == "dir/c.toml:5:11: providers.p.api_key: the "
                "key file does not exist\n");
  BOOST_TEST((file.faults.at(0).kind == fault_kind::missing_secret));
  const auto empty = load(with_key("file:k"), {}, {{"dir/k", " \n"}});
  BOOST_TEST(faults_of(empty)
             == "dir/c.toml:5:11: providers.p.api_key: the key is empty\n");
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_no_fault_when_none_is_asked_for) {
  auto options = fake();
  options.resolve_secrets = false;
  for (const auto* value : {"env:OPENAI_API_KEY", "file:k"}) {
    const auto result = parse_crew(with_key(value).text(), "c.toml", options);
    BOOST_TEST_REQUIRE(faults_of(result) == "");
    const auto& p = result.value->providers[0];
    BOOST_TEST(p.api_key_configured());
    BOOST_TEST(!static_cast<bool>(p.api_key));
  }
  // What is not a place of a key is a fault all the same.
  BOOST_TEST(faults_of(with_key("abc"), options) != "");
}

BOOST_AUTO_TEST_CASE(a_provider_that_no_role_uses_needs_no_key) {
  parts p;
  p.rest = "[providers.other]\nkind = \"openai\"\nbase_url = \"http://x\"\n"
           "api_key = \"env:OTHER\"\n";
  BOOST_TEST(faults_of(load(p)) == "");
}

BOOST_AUTO_TEST_CASE(a_key_in_the_file_is_refused_and_not_repeated) {
  for (const auto& value :
       texts_of{key, "env:" + key, "env:", "file:", "${" + key + "}",
                "file:" + key, "ENV:" + key, std::string{}}) {
    const auto result = load(with_key(value));
    BOOST_TEST(result.faults.size() == 1u, value);
    check_hidden(result);
  }
  const auto literal = load(with_key(key));
  BOOST_TEST_REQUIRE(literal.faults.size() == 1u);
  BOOST_TEST(literal.faults[0].message.find("must not hold the key itself")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_with_small_letters_as_variable_is_not_repeated) {
  const auto result = load(with_key("env:sk_live_0123456789abcdef"));
  BOOST_TEST(faults_of(result).find("sk_live") == std::string::npos);
  BOOST_TEST(result.faults.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_found_and_is_no_key_is_not_repeated) {
  for (const auto& found : {key + "\nsecond", key + std::string(1, '\0'),
                            key + "\x7f", std::string(20'000, 'k') + key}) {
    const auto result = load(with_key("env:K"), {{"K", found}});
    BOOST_TEST(result.faults.size() == 1u);
    check_hidden(result);
  }
}

BOOST_AUTO_TEST_CASE(a_syntax_error_beside_a_key_does_not_show_it) {
  for (const auto& line :
       texts_of{"api_key = " + key, "api_key = \"" + key, "api_key = '" + key,
                "api_key = \"" + key + "\" x", "api_key \"" + key + "\"",
                "api_key = \"" + key + "\"\"", "api_key = \"\\" + key + "\"",
                "[" + key + "]\n[" + key + "]", "a = 1\na." + key + " = 1",
                "x = { Authorization = Bearer " + key + " }",
                "api_key = 0123456789012345678901234567890123456789"}) {
    parts p;
    p.provider += line + "\n";
    const auto result = load(p);
    BOOST_TEST(!result.faults.empty(), line);
    check_hidden(result);
  }
}

BOOST_AUTO_TEST_CASE(what_a_variable_holds_is_never_shown) {
  parts p;
  p.limits = "cost_usd = \"${K}\"\nif_dependency_failed = \"${K}\"\n";
  p.provider = "kind = \"${K}\"\nbase_url = \"${K}\"\nca_file = \"${K}\"\n";
  p.model = "provider = \"${K}\"\nname = \"m\"\n"
            "input_usd_per_mtok = \"${K}\"\noutput_usd_per_mtok = 2\n";
  p.planner = "model = \"${K}\"\nprompt_file = \"${K}\"\n";
  p.worker = "model = \"fast\"\ndescription = \"d\"\nprompt_file = \"${K}\"\n";
  const auto result = load(p, {{"K", key}});
  BOOST_TEST(result.faults.size() == 9u, faults_of(result));
  check_hidden(result);
}

BOOST_AUTO_TEST_CASE(headers_hold_keys_from_outside_only) {
  const auto header = [](const std::string& text) {
    parts p;
    p.provider += "headers = { " + text + " }\n";
    return p;
  };
  const auto good =
      load(header("Authorization = \"Bearer ${K}\", X-Key = \"env:K\", "
                  "X-App = \"crew $$\""),
           {{"K", key}});
  BOOST_TEST_REQUIRE(faults_of(good) == "");
  const auto& headers = good.value->providers[0].headers;
  BOOST_TEST_REQUIRE(headers.size() == 3u);
  BOOST_TEST(headers[0].value.reveal() == "Bearer " + key);
  BOOST_TEST(headers[1].value.reveal() == key);
  BOOST_TEST(headers[2].value.reveal() == "crew $");
  for (const auto& bad : texts_of{
           "Authorization = \"Bearer " + key + "\"",
           "X-Token = \"" + key + "\"", "Host = \"x\"",
           "content-LENGTH = \"1\"", "a = \"1\", A = \"2\"", "\"a b\" = \"1\"",
           "a = 1", "a = \"x\\r\\nb: 1\"", "X-Key = \"env:NOT_SET\""}) {
    const auto result = load(header(bad));
    BOOST_TEST(result.faults.size() == 1u, bad);
    check_hidden(result);
  }
}

BOOST_AUTO_TEST_CASE(api_key_and_an_authorization_header_are_one_too_many) {
  auto p = with_key("env:K");
  p.provider += "headers = { authorization = \"env:K\" }\n";
  BOOST_TEST(faults_of(load(p, {{"K", key}}))
             == "dir/c.toml:6:13: providers.p.headers \"authorization\" is "
                "what api_key becomes: keep one of them\n");
}
