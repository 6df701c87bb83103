#include "brigade/core/plan/schema_rewrite.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace brigade::core {

namespace {

namespace json = boost::json;

template <std::size_t Size>
using names = std::array<std::string_view, Size>;

/// Keywords that assert nothing.
constexpr names<14> annotations{
    "$schema",  "$comment",    "$id",        "$defs",    "definitions",
    "title",    "description", "default",    "examples", "format",
    "readOnly", "writeOnly",   "deprecated", "strict"};

constexpr names<7> type_names{"string", "number", "integer", "boolean",
                              "null",   "object", "array"};

/// Keywords whose value is a number that is not negative and whole.
constexpr names<6> counts{"minLength", "maxLength",     "minItems",
                          "maxItems",  "minProperties", "maxProperties"};

constexpr names<4> bounds{"minimum", "maximum", "exclusiveMinimum",
                          "exclusiveMaximum"};

/// Keywords whose value is a schema.
constexpr names<5> single_schemas{"items", "not", "if", "then", "else"};

/// Keywords whose value is a list of schemas.
constexpr names<3> schema_lists{"allOf", "anyOf", "oneOf"};

template <std::size_t Size>
bool contains(const names<Size>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

class rewriter {
public:
  explicit rewriter(const json::value& root) : root_(root) {}

  schema_rewriting run() {
    schema_rewriting result;
    auto rewritten = schema(root_, "", 0);
    result.faults = std::move(faults_);
    if (result.faults.empty())
      result.value = std::move(rewritten);
    return result;
  }

private:
  void refuse(std::string pointer, std::string message) {
    if (faults_.size() < schema_faults_max)
      faults_.push_back({std::move(pointer), std::move(message)});
  }

  json::value schema(const json::value& in, const std::string& at,
                     std::size_t depth) {
    if (in.is_bool() && in.get_bool())
      return json::object{};
    if (!in.is_object()) {
      refuse(at, "a schema must be an object here");
      return {};
    }
    if (depth >= schema_depth_max || ++nodes_ > schema_nodes_max) {
      refuse(at, depth >= schema_depth_max
                     ? "the schema is nested too deeply or refers to itself"
                     : "the schema is too large once its references are "
                       "expanded");
      return {};
    }
    const auto& source = in.get_object();
    json::object out;
    json::array all_of;
    for (const auto& member : source) {
      // A flood of references ends here instead of at every node.
      if (nodes_ > schema_nodes_max)
        break;
      keyword(source, member, at, depth, out, all_of);
    }
    if (!all_of.empty()) {
      // `allOf` may stand beside `$ref`.
      if (auto* own = out.if_contains("allOf"))
        for (auto& item : own->as_array())
          all_of.push_back(std::move(item));
      out["allOf"] = std::move(all_of);
    }
    return out;
  }

  void keyword(const json::object& source, const json::key_value_pair& member,
               const std::string& parent, std::size_t depth, json::object& out,
               json::array& all_of) {
    const std::string_view name{member.key().data(), member.key().size()};
    const auto& value = member.value();
    auto at = parent;
    append_pointer(at, name);
    if (name == "$ref")
      all_of.push_back(reference(value, at, depth));
    else if (name == "type")
      out[type_keyword] = types(value, at);
    else if (name == "enum")
      enumeration(value, at, out);
    else if (name == "const")
      out["const"] = value;
    else if (name == "properties")
      out["properties"] = properties(value, at, depth);
    else if (name == "required")
      out["required"] = required(value, at);
    else if (name == "additionalProperties")
      additional(source, value, at, depth, out);
    else if (name == "pattern")
      out[pattern_keyword] = pattern(value, at);
    else if (name == "multipleOf" || contains(counts, name)
             || contains(bounds, name))
      out[name] = number(name, value, at);
    else if (contains(single_schemas, name))
      out[name] = schema(value, at, depth + 1);
    else if (contains(schema_lists, name))
      out[name] = schemas(value, at, depth);
    else if (!contains(annotations, name))
      refuse(at, "this keyword is not supported");
  }

  json::value reference(const json::value& value, const std::string& at,
                        std::size_t depth) {
    const auto* text = value.if_string();
    if (!text || !(view(*text) == "#" || view(*text).starts_with("#/"))) {
      refuse(at, "only references within the schema (#/...) are supported");
      return {};
    }
    json::error_code error;
    const auto* target = root_.find_pointer(view(*text).substr(1), error);
    if (!target) {
      refuse(at, "the reference leads nowhere");
      return {};
    }
    return schema(*target, at, depth + 1);
  }

  json::array types(const json::value& value, const std::string& at) {
    json::array out;
    const json::array single{value};
    const auto& list = value.is_array() ? value.get_array() : single;
    for (const auto& item : list) {
      const auto* name = item.if_string();
      if (!name || !contains(type_names, view(*name)))
        refuse(at, "not the name of a type");
      else
        out.push_back(item);
    }
    if (list.empty())
      refuse(at, "at least one type must be named");
    return out;
  }

  void enumeration(const json::value& value, const std::string& at,
                   json::object& out) {
    const auto* list = value.if_array();
    if (!list || list->empty()) {
      refuse(at, "must be a list with at least one value");
      return;
    }
    const bool plain =
        std::all_of(list->begin(), list->end(), [](const json::value& x) {
          return x.is_string() || x.is_null();
        });
    out[plain ? one_of_keyword : std::string_view{"enum"}] = value;
  }

  json::object properties(const json::value& value, const std::string& at,
                          std::size_t depth) {
    json::object out;
    const auto* fields = value.if_object();
    if (!fields) {
      refuse(at, "must be an object");
      return out;
    }
    for (const auto& field : *fields) {
      auto field_at = at;
      append_pointer(field_at, field.key());
      out[field.key()] = schema(field.value(), field_at, depth + 1);
    }
    return out;
  }

  json::value required(const json::value& value, const std::string& at) {
    const auto* list = value.if_array();
    if (!list
        || !std::all_of(list->begin(), list->end(),
                        [](const json::value& x) { return x.is_string(); }))
      refuse(at, "must be a list of field names");
    return value;
  }

  void additional(const json::object& source, const json::value& value,
                  const std::string& at, std::size_t depth, json::object& out) {
    if (!value.is_bool()) {
      out["additionalProperties"] = schema(value, at, depth + 1);
      return;
    }
    if (value.get_bool())
      return;
    json::array allowed;
    if (const auto* fields = source.if_contains("properties"))
      if (const auto* object = fields->if_object())
        for (const auto& field : *object)
          allowed.push_back(json::string(field.key()));
    out[closed_keyword] = std::move(allowed);
  }

  json::value pattern(const json::value& value, const std::string& at) {
    const auto* text = value.if_string();
    if (!text) {
      refuse(at, "must be a string");
      return {};
    }
    const re2::RE2 compiled(re2::StringPiece(text->data(), text->size()),
                            re2::RE2::Quiet);
    if (!compiled.ok())
      refuse(at, "not a regular expression in RE2 syntax");
    return value;
  }

  json::value number(std::string_view name, const json::value& value,
                     const std::string& at) {
    if (contains(bounds, name)) {
      if (!value.is_int64() && !value.is_double())
        refuse(at, "must be a number");
      return value;
    }
    const auto* count = value.if_int64();
    // The library divides by `multipleOf`.
    const std::int64_t least = name == "multipleOf" ? 1 : 0;
    if (!count || *count < least)
      refuse(at, "must be a whole number of at least " + std::to_string(least));
    return value;
  }

  json::array schemas(const json::value& value, const std::string& at,
                      std::size_t depth) {
    json::array out;
    const auto* list = value.if_array();
    if (!list || list->empty()) {
      refuse(at, "must be a list with at least one schema");
      return out;
    }
    for (std::size_t i = 0; i < list->size(); ++i)
      out.push_back(
          schema((*list)[i], at + '/' + std::to_string(i), depth + 1));
    return out;
  }

  const json::value& root_;
  std::vector<schema_fault> faults_;
  std::size_t nodes_ = 0;
};

} // namespace

schema_rewriting rewrite_schema(const boost::json::value& schema) {
  return rewriter{schema}.run();
}

void append_pointer(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

} // namespace brigade::core
