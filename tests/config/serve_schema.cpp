// The daemon's file: keys, documentation and JSON Schema say the same.
// BRIGADE_UPDATE_DOCS=1 writes the schema and the tables of keys anew.
#include "documented.hpp"
#include "serve_support.hpp"

#include "brigade/config/detail/serve_sections.hpp"

#include <boost/json.hpp>

using namespace brigade::config;

BOOST_AUTO_TEST_CASE(the_daemons_schema_in_the_docs_is_the_generated_one) {
  test::check_document("serve.schema.json", serve_schema_json());
}

BOOST_AUTO_TEST_CASE(the_docs_have_every_key_of_the_daemons_file) {
  const auto text = test::read(test::docs + "serve-file.md");
  test::check_document("serve-file.md",
                       test::with_tables(text, detail::serve_sections()));
}

BOOST_AUTO_TEST_CASE(the_daemons_schema_closes_every_table) {
  const auto schema = boost::json::parse(serve_schema_json());
  const auto& top = schema.at("properties").as_object();
  BOOST_TEST(top.size() == 3u);
  BOOST_TEST(!schema.at("additionalProperties").as_bool());
  BOOST_TEST(!top.at("server").at("additionalProperties").as_bool());
  for (const auto* name : {"crews", "clients"})
    BOOST_TEST(!top.at(name)
                    .at("additionalProperties")
                    .at("additionalProperties")
                    .as_bool());
  BOOST_TEST((schema.at("required").as_array() == boost::json::array{"crews"}));
}

BOOST_AUTO_TEST_CASE(the_daemons_documented_defaults_are_the_real_ones) {
  const auto written =
      test::written_defaults(detail::serve_sections(), "server");
  BOOST_TEST(written.size() > 400u);
  const auto plain = test::serve("[crews.a]\nfile = \"c.toml\"\n");
  const auto spelled = test::serve(
      "[server]\n" + written + "[crews.a]\nfile = \"c.toml\"\n"
      + test::written_defaults(detail::serve_sections(), "crews.NAME"));
  BOOST_TEST_REQUIRE(test::faults_of(plain) == "");
  BOOST_TEST_REQUIRE(test::faults_of(spelled) == "");
  BOOST_TEST((plain.value->server == spelled.value->server));
  BOOST_TEST((plain.value->server == server_settings{}));
  BOOST_TEST(plain.value->crews[0].description
             == spelled.value->crews[0].description);
}
