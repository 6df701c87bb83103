// The table of keys, the documentation and the JSON Schema say the same.
// BRIGADE_UPDATE_DOCS=1 writes the schema and the tables of keys anew.
#include "support.hpp"

#include "brigade/config/detail/sections.hpp"
#include "brigade/config/detail/text.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace brigade::config;
namespace json = boost::json;

namespace {

const std::string docs = BRIGADE_SOURCE_DIR "/docs/";

std::string read(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool updating() {
  return std::getenv("BRIGADE_UPDATE_DOCS") != nullptr;
}

/// The Markdown table of one section's keys.
std::string table_of(const detail::section_doc& section) {
  std::string out = "| key | takes | default | meaning |\n|---|---|---|---|\n";
  for (const auto& key : section.keys) {
    auto takes = detail::type_text(key);
    if (const auto range = detail::range_text(key); !range.empty())
      takes += ", " + range;
    const auto fallback = key.required ? std::string{"required"}
                          : key.fallback.empty()
                              ? std::string{"-"}
                              : "`" + std::string{key.fallback} + "`";
    out += "| `" + std::string{key.name} + "` | " + takes + " | " + fallback
           + " | " + std::string{key.description} + " |\n";
  }
  return out;
}

/// The text with the table behind each `<!-- keys: SECTION -->` made new.
std::string with_tables(std::string text) {
  for (const auto& section : detail::crew_sections()) {
    const auto begin_mark =
        "<!-- keys: " + std::string{section.path} + " -->\n";
    const std::string end_mark = "<!-- end -->";
    auto begin = text.find(begin_mark);
    BOOST_TEST_REQUIRE(begin != std::string::npos, begin_mark);
    begin += begin_mark.size();
    const auto end = text.find(end_mark, begin);
    BOOST_TEST_REQUIRE(end != std::string::npos);
    text.replace(begin, end - begin, table_of(section));
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_schema_in_the_documentation_is_the_generated_one) {
  const auto path = docs + "crew.schema.json";
  if (updating())
    std::ofstream{path} << crew_schema_json();
  BOOST_TEST((read(path) == crew_schema_json()),
             "run this test with BRIGADE_UPDATE_DOCS=1");
}

BOOST_AUTO_TEST_CASE(the_documentation_has_every_key_of_the_table) {
  const auto path = docs + "crew-files.md";
  const auto text = read(path);
  const auto wanted = with_tables(text);
  if (updating())
    std::ofstream{path} << wanted;
  BOOST_TEST((read(path) == wanted),
             "run this test with BRIGADE_UPDATE_DOCS=1");
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
    std::string out;
    for (const auto& section : detail::crew_sections())
      if (section.path == path)
        for (const auto& key : section.keys)
          if (!key.fallback.empty())
            out += std::string{key.name} + " = " + std::string{key.fallback}
                   + "\n";
    return out;
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
