// The table of keys, the documentation and the JSON Schema say the same.
// BRIGADE_UPDATE_DOCS=1 writes the schema and the tables of keys anew.
#include "documented.hpp"
#include "support.hpp"

#include "brigade/config/detail/sections.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace brigade::config;
namespace json = boost::json;

BOOST_AUTO_TEST_CASE(the_schema_in_the_documentation_is_the_generated_one) {
  test::check_document("crew.schema.json", crew_schema_json());
}

BOOST_AUTO_TEST_CASE(the_documentation_has_every_key_of_the_table) {
  const auto text = test::read(test::docs + "crew-files.md");
  test::check_document("crew-files.md",
                       test::with_tables(text, detail::crew_sections()));
}

BOOST_AUTO_TEST_CASE(the_schema_closes_every_table) {
  const auto schema = json::parse(crew_schema_json());
  const auto& top = schema.at("properties").as_object();
  BOOST_TEST(top.size() == 6u);
  BOOST_TEST(!schema.at("additionalProperties").as_bool());
  BOOST_TEST(top.at("models")
                 .at("additionalProperties")
                 .at("properties")
                 .at("tiers")
                 .at("items")
                 .at("properties")
                 .as_object()
                 .contains("above_input_tokens"));
  for (const auto* name : {"limits", "planner", "synthesizer"})
    BOOST_TEST(!top.at(name).at("additionalProperties").as_bool());
  BOOST_TEST(schema.at("required").as_array().size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_documented_defaults_are_the_real_ones) {
  const auto written = [](std::string_view path) {
    return test::written_defaults(detail::crew_sections(), path);
  };
  test::parts plain;
  plain.synthesizer = "model = \"fast\"\nprompt = \"p\"\n";
  auto spelled = plain;
  spelled.limits += written("limits");
  spelled.provider += written("providers.NAME");
  spelled.model += written("models.NAME");
  spelled.planner += written("planner");
  spelled.worker += written("workers.NAME");
  spelled.synthesizer += written("synthesizer");
  const auto a = parse_crew(plain.text(), "c", test::fake());
  const auto b = parse_crew(spelled.text(), "c", test::fake());
  BOOST_TEST_REQUIRE(test::faults_of(a) == "");
  BOOST_TEST_REQUIRE(test::faults_of(b) == "");
  BOOST_TEST((a.value->crew == b.value->crew));
  const auto& p = a.value->providers.at(0);
  const auto& q = b.value->providers.at(0);
  BOOST_TEST(p.concurrency_max == q.concurrency_max);
  BOOST_TEST(p.connect_timeout_ms == q.connect_timeout_ms);
  BOOST_TEST(p.first_token_timeout_ms == q.first_token_timeout_ms);
  BOOST_TEST(p.idle_timeout_ms == q.idle_timeout_ms);
  BOOST_TEST(p.call_timeout_ms == q.call_timeout_ms);
  BOOST_TEST(p.reply_bytes_max == q.reply_bytes_max);
  BOOST_TEST((p.unbilled_statuses == q.unbilled_statuses));
  BOOST_TEST(spelled.limits.size() > 300u);
}
