#include "brigade/config/detail/schema.hpp"

#include "brigade/config/detail/decimal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>

namespace brigade::config::detail {

namespace {

namespace json = boost::json;

constexpr std::string_view name_pattern = "^[A-Za-z0-9_.-]{1,64}$";
constexpr std::string_view decimal_pattern = R"(^[0-9]+(\.[0-9]+)?$|\$\{)";

int digits_of(key_type type) {
  return type == key_type::cost ? 12 : type == key_type::price ? 6 : 3;
}

json::object number_schema(const key_doc& key) {
  const auto digits = digits_of(key.type);
  const auto bound = [digits](std::int64_t value) {
    return json::parse(scaled_text(value, digits));
  };
  json::object number{{"type", "number"},
                      {"minimum", bound(key.min)},
                      {"maximum", bound(key.max)}};
  json::object text{{"type", "string"}, {"pattern", decimal_pattern}};
  return {{"anyOf", {std::move(number), std::move(text)}}};
}

json::object type_schema(const key_doc& key) {
  switch (key.type) {
  case key_type::text: {
    json::object result{{"type", "string"}, {"maxLength", key.max}};
    if (key.min > 0)
      result["minLength"] = key.min;
    return result;
  }
  case key_type::prompt:
    return {{"type", "string"}, {"minLength", 1}};
  case key_type::choice: {
    json::array choices;
    for (auto choice : key.choices)
      choices.push_back(json::string(choice));
    return {{"type", "string"}, {"enum", std::move(choices)}};
  }
  case key_type::boolean:
    return {{"type", "boolean"}};
  case key_type::integer:
    return {{"type", "integer"}, {"minimum", key.min}, {"maximum", key.max}};
  case key_type::thousandths:
  case key_type::cost:
  case key_type::price:
    return number_schema(key);
  case key_type::secret:
    return {{"type", "string"}, {"pattern", "^(env:.|file:.)"}};
  case key_type::headers:
    return {{"type", "object"},
            {"additionalProperties", json::object{{"type", "string"}}}};
  case key_type::json:
    return {{"type", "object"}};
  case key_type::integers:
    return {{"type", "array"},
            {"items", json::object{{"type", "integer"},
                                   {"minimum", key.min},
                                   {"maximum", key.max}}}};
  case key_type::texts:
    return {{"type", "array"},
            {"maxItems", texts_items_max},
            {"items", json::object{{"type", "string"},
                                   {"minLength", key.min},
                                   {"maxLength", key.max}}}};
  case key_type::tables:
    break;
  }
  return {{"type", "array"}};
}

/// The schema of one table with its keys.
json::object table_schema(const section_doc& section) {
  json::object properties;
  json::array required;
  for (const auto& key : section.keys) {
    auto schema = type_schema(key);
    schema["description"] = key.description;
    if (!key.fallback.empty())
      schema["default"] = json::parse(
          json::string_view{key.fallback.data(), key.fallback.size()});
    properties[key.name] = std::move(schema);
    if (key.required)
      required.push_back(json::string(key.name));
  }
  json::object result{{"type", "object"},
                      {"description", section.description},
                      {"properties", std::move(properties)},
                      {"additionalProperties", false}};
  if (!required.empty())
    result["required"] = std::move(required);
  return result;
}

/// `0.5`, where Boost.JSON writes `5E-1`.
std::string decimal(double number) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end.ptr};
}

void append_pretty(std::string& out, const json::value& value,
                   std::size_t indent) {
  const std::string inner(indent + 2, ' ');
  const char* separator = "\n";
  const bool empty = (value.is_object() && value.get_object().empty())
                     || (value.is_array() && value.get_array().empty());
  if (value.is_double()) {
    out += decimal(value.get_double());
  } else if (empty || !value.is_structured()) {
    out += json::serialize(value);
  } else if (const auto* object = value.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      out += separator + inner + json::serialize(member.key()) + ": ";
      append_pretty(out, member.value(), indent + 2);
      separator = ",\n";
    }
    out += '\n' + std::string(indent, ' ') + '}';
  } else {
    out += '[';
    for (const auto& item : value.get_array()) {
      out += separator + inner;
      append_pretty(out, item, indent + 2);
      separator = ",\n";
    }
    out += '\n' + std::string(indent, ' ') + ']';
  }
}

} // namespace

std::string schema_json(std::string_view title,
                        const std::vector<section_doc>& sections) {
  json::object properties;
  json::array required;
  for (const auto& section : sections) {
    const auto path = section.path;
    const auto dot = path.find('.');
    auto table = table_schema(section);
    const auto top = path.substr(0, dot);
    if (dot == std::string_view::npos) {
      properties[top] = std::move(table);
    } else if (path.ends_with(".NAME")) {
      properties[top] = json::object{
          {"type", "object"},
          {"propertyNames", json::object{{"pattern", name_pattern}}},
          {"additionalProperties", std::move(table)}};
    } else {
      // An array of tables inside a named table: models.NAME.tiers.
      const auto key = path.substr(path.rfind('.') + 1);
      auto& parent = properties[top].as_object()["additionalProperties"];
      parent.as_object()["properties"].as_object()[key].as_object()["items"] =
          std::move(table);
    }
    if (section.required)
      required.push_back(json::string(top));
  }
  const json::object schema{
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", title},
      {"type", "object"},
      {"properties", std::move(properties)},
      {"required", std::move(required)},
      {"additionalProperties", false}};
  std::string out;
  append_pretty(out, schema, 0);
  return out + '\n';
}

} // namespace brigade::config::detail
