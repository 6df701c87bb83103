#include "brigade/core/plan/output_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <thread>

namespace core = brigade::core;
namespace json = boost::json;
namespace data = boost::unit_test::data;

namespace brigade::core {

static std::ostream& operator<<(std::ostream& out, const schema_fault& fault) {
  return out << fault.pointer << ": " << fault.message;
}

} // namespace brigade::core

namespace {

using faults = std::vector<core::schema_fault>;

core::output_schema compiled(std::string_view schema) {
  auto compilation = core::output_schema::compile(schema);
  for (const auto& fault : compilation.faults)
    BOOST_TEST_MESSAGE(fault);
  BOOST_REQUIRE(compilation.value.has_value());
  return *compilation.value;
}

faults check(std::string_view schema, std::string_view document) {
  return compiled(schema).validate(json::parse(document));
}

bool valid(std::string_view schema, std::string_view document) {
  return check(schema, document).empty();
}

/// The pointer of the one fault of a schema that cannot be compiled.
std::string refused_at(std::string_view schema) {
  const auto compilation = core::output_schema::compile(schema);
  BOOST_TEST(!compilation.value);
  BOOST_REQUIRE(compilation.faults.size() == 1u);
  return compilation.faults[0].pointer;
}

/// Schema, a document that follows it, one that does not.
struct sample {
  const char* schema;
  const char* good;
  const char* bad;
};

std::ostream& operator<<(std::ostream& out, const sample& s) {
  return out << s.schema << " " << s.bad;
}

const std::array samples{
    sample{R"({"type":"string"})", R"("x")", "1"},
    sample{R"({"type":["string","null"]})", "null", "false"},
    sample{R"({"type":"integer"})", "1.0", "1.5"},
    sample{R"({"type":"integer"})", "-3", R"("3")"},
    sample{R"({"type":"number"})", "2", "[]"},
    sample{R"({"type":"boolean"})", "true", "0"},
    sample{R"({"type":"object"})", "{}", "[]"},
    sample{R"({"enum":["a",null]})", "null", R"("b")"},
    sample{R"({"enum":[1,"a",[2]]})", "[2]", "[3]"},
    sample{R"({"const":{"a":1}})", R"({"a":1})", R"({"a":2})"},
    sample{R"({"required":["a"]})", R"({"a":1})", R"({"b":1})"},
    sample{
        R"({"properties":{"a":{"type":"null"}},"additionalProperties":false})",
        R"({"a":null})", R"({"b":null})"},
    sample{R"({"additionalProperties":{"type":"null"}})", R"({"a":null})",
           R"({"a":1})"},
    sample{R"({"minProperties":1,"maxProperties":2})", R"({"a":1,"b":1})",
           "{}"},
    sample{R"({"items":{"type":"null"}})", "[null]", "[null,1]"},
    sample{R"({"minItems":1,"maxItems":2})", "[1,2]", "[1,2,3]"},
    sample{R"({"minLength":2,"maxLength":2})", "\"\xC3\xA9\xC3\xA9\"",
           "\"\xC3\xA9\""},
    sample{R"({"pattern":"^\\p{Lu}+$"})", "\"\xC3\x89\"", "\"\xC3\xA9\""},
    sample{R"({"minimum":1,"maximum":2})", "2", "2.5"},
    sample{R"({"exclusiveMinimum":1,"exclusiveMaximum":2})", "1.5", "1"},
    sample{R"({"multipleOf":3})", "9", "10"},
    sample{R"({"allOf":[{"minimum":1},{"maximum":2}]})", "1", "3"},
    sample{R"({"anyOf":[{"type":"null"},{"minimum":5}]})", "5", "4"},
    sample{R"({"oneOf":[{"minimum":1},{"minimum":5}]})", "2", "6"},
    sample{R"({"not":{"type":"null"}})", "1", "null"},
    sample{R"({"if":{"minimum":5},"then":{"maximum":9},"else":{"const":1}})",
           "1", "10"},
    sample{R"({"$defs":{"n":{"type":"null"}},"items":{"$ref":"#/$defs/n"}})",
           "[null]", "[1]"},
    sample{
        R"({"$defs":{"a/b":{"minimum":1}},"$ref":"#/$defs/a~1b","maximum":2})",
        "2", "0"},
    sample{R"({"properties":{"pattern":{"type":"null"},"$ref":true}})",
           R"({"pattern":null,"$ref":1})", R"({"pattern":1})"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(output_schema)

BOOST_DATA_TEST_CASE(each_keyword_tells_good_from_bad, data::make(samples), s) {
  BOOST_TEST(valid(s.schema, s.good));
  BOOST_TEST(!valid(s.schema, s.bad));
}

BOOST_AUTO_TEST_CASE(every_fault_has_a_pointer_and_stands_once) {
  const auto found = check(R"({
    "type": "object", "required": ["a", "list"], "additionalProperties": false,
    "properties": {
      "a": {"type": "integer"},
      "list": {"type": "array", "items": {"type": "object",
        "required": ["x"], "additionalProperties": false,
        "properties": {"x": {"type": "string"}, "y/z": {"type": "string"}}}}
    }})",
                           R"({"list": [{"x": "ok"}, {"x": 1, "y/z": 2},
                             {"q": 1}], "extra": 1})");
  const faults wanted{
      {"/list/1/x", "must be string"},
      {"/list/1/y~1z", "must be string"},
      {"/list/2", "the field `q` is not allowed here; allowed: x, y/z"},
      {"/list/2", "the field `x` is missing"},
      {"", "the field `extra` is not allowed here; allowed: a, list"},
      {"", "the field `a` is missing"},
  };
  BOOST_TEST(found.size() == wanted.size());
  for (const auto& fault : wanted)
    BOOST_TEST((std::find(found.begin(), found.end(), fault) != found.end()),
               fault << " is missing");
}

BOOST_AUTO_TEST_CASE(alternatives_give_one_fault_or_the_deeper_ones) {
  const auto schema = R"({"anyOf": [{"type": "string"},
    {"type": "object", "properties": {"n": {"type": "null"}}}]})";
  BOOST_TEST((check(schema, "1")
              == faults{{"", "must be string, or must be object"}}));
  BOOST_TEST((check(schema, R"({"n": 1})") == faults{{"/n", "must be null"}}));
}

BOOST_AUTO_TEST_CASE(messages_hold_no_text_of_the_document) {
  const auto schema = R"({"additionalProperties": false,
    "properties": {"a": {"enum": ["x"]}, "b": {"pattern": "^x$"},
                   "c": {"const": "x"}}})";
  const auto found = check(schema, R"({"a": "IGNORE ALL", "b": "IGNORE ALL",
                        "c": "IGNORE ALL", "IGNORE ALL": 1})");
  BOOST_TEST(found.size() == 4u);
  for (const auto& fault : found)
    BOOST_TEST((fault.pointer + fault.message).find("IGNORE")
               == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_refused_and_not_ignored) {
  BOOST_TEST(refused_at(R"({"prefixItems": []})") == "/prefixItems");
  BOOST_TEST(refused_at(R"({"properties": {"a": {"uniqueItems": true}}})")
             == "/properties/a/uniqueItems");
  BOOST_TEST(refused_at(R"({"patternProperties": {}})")
             == "/patternProperties");
  BOOST_TEST(refused_at(R"j({"pattern": "(?=x)"})j") == "/pattern");
  BOOST_TEST(refused_at(R"({"type": "text"})") == "/type");
  BOOST_TEST(refused_at(R"({"type": []})") == "/type");
  BOOST_TEST(refused_at(R"({"enum": []})") == "/enum");
  BOOST_TEST(refused_at(R"({"required": "a"})") == "/required");
  BOOST_TEST(refused_at(R"({"properties": []})") == "/properties");
  BOOST_TEST(refused_at(R"({"items": [{}]})") == "/items");
  BOOST_TEST(refused_at(R"({"items": false})") == "/items");
  BOOST_TEST(refused_at(R"({"anyOf": []})") == "/anyOf");
  BOOST_TEST(refused_at(R"({"multipleOf": 0})") == "/multipleOf");
  BOOST_TEST(refused_at(R"({"minLength": -1})") == "/minLength");
  BOOST_TEST(refused_at(R"({"minimum": "1"})") == "/minimum");
  BOOST_TEST(refused_at("[]") == "");
  BOOST_TEST(refused_at("{") == "");
  BOOST_TEST(refused_at("") == "");
}

BOOST_AUTO_TEST_CASE(references_out_of_the_schema_or_in_circles_are_refused) {
  BOOST_TEST(refused_at(R"({"$ref": "https://example.com/s.json"})")
             == "/$ref");
  BOOST_TEST(refused_at(R"({"$ref": "other.json#/a"})") == "/$ref");
  BOOST_TEST(refused_at(R"({"$ref": "#/$defs/a"})") == "/$ref");
  BOOST_TEST(refused_at(R"({"$ref": 1})") == "/$ref");
  BOOST_TEST(!core::output_schema::compile(R"({"$ref": "#"})").value);
  BOOST_TEST(
      !core::output_schema::compile(R"({"items": {"$ref": "#"}})").value);
  BOOST_TEST(!core::output_schema::compile(R"({"$defs": {"a":
    {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
    "$ref": "#/$defs/a"})")
                  .value);
}

BOOST_AUTO_TEST_CASE(references_that_multiply_are_refused) {
  // Each level names the next one ten times.
  std::string schema = R"({"$ref":"#/$defs/d0","$defs":{)";
  for (int level = 0; level < 20; ++level) {
    schema += "\"d" + std::to_string(level) + "\":{\"allOf\":[";
    for (int i = 0; i < 10; ++i)
      schema += std::string{i > 0 ? "," : ""} + "{\"$ref\":\"#/$defs/d"
                + std::to_string(level + 1) + "\"}";
    schema += "]},";
  }
  schema += R"("d20":{"type":"null"}}})";
  BOOST_TEST(!core::output_schema::compile(schema).value);
}

BOOST_AUTO_TEST_CASE(references_that_nest_too_deeply_are_refused) {
  // Each step is two schemas deep: `items`, and what its `$ref` expands to.
  auto chain = [](int steps) {
    std::string schema = R"({"$ref":"#/$defs/d0","$defs":{)";
    for (int step = 0; step < steps; ++step)
      schema += "\"d" + std::to_string(step) + "\":{\"items\":{\"$ref\":"
                + "\"#/$defs/d" + std::to_string(step + 1) + "\"}},";
    return schema + "\"d" + std::to_string(steps) + "\":{}}}";
  };
  BOOST_TEST(core::output_schema::compile(chain(15)).value.has_value());
  BOOST_TEST(!core::output_schema::compile(chain(16)).value.has_value());
}

BOOST_AUTO_TEST_CASE(documents_are_bounded_in_depth_and_size) {
  const auto schema = compiled("{}");
  json::value deep = 1;
  for (int i = 0; i < 32; ++i)
    deep = json::array{deep};
  BOOST_TEST(schema.validate(deep).empty());
  BOOST_TEST(schema.validate(json::array{deep}).size() == 1u);
  json::array wide(core::document_values_max - 1, 1);
  BOOST_TEST(schema.validate(wide).empty());
  wide.push_back(1);
  BOOST_TEST(schema.validate(wide).size() == 1u);
  BOOST_TEST(schema.validate(18'446'744'073'709'551'615u).size() == 1u);
}

BOOST_AUTO_TEST_CASE(faults_are_bounded_in_number) {
  const auto schema = compiled(R"({"items": {"type": "string"}})");
  BOOST_TEST(schema.validate(json::array(10'000, 1)).size()
             == core::schema_faults_max);
}

BOOST_AUTO_TEST_CASE(a_long_string_against_a_pattern_needs_no_stack) {
  const auto schema = compiled(R"({"pattern": "^(a|b)*$"})");
  BOOST_TEST(schema.validate(json::string(1'000'000, 'a')).empty());
  BOOST_TEST(schema.validate(json::string(1'000'000, 'c')).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_format_is_an_annotation) {
  BOOST_TEST(valid(R"({"format": "date"})", R"("no date")"));
}

BOOST_AUTO_TEST_CASE(one_schema_serves_many_threads) {
  const auto schema =
      compiled(R"({"items": {"pattern": "^[a-z]+$", "type": "string"}})");
  const auto document = json::parse(R"(["a", "B", 1])");
  std::array<std::size_t, 4> counts{};
  {
    std::vector<std::jthread> threads;
    for (auto& count : counts)
      threads.emplace_back([&schema, &document, &count] {
        for (int i = 0; i < 200; ++i)
          count += schema.validate(document).size();
      });
  }
  for (auto count : counts)
    BOOST_TEST(count == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
