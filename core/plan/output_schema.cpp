#include "brigade/core/plan/output_schema.hpp"

#include "brigade/core/plan/schema_messages.hpp"
#include "brigade/core/plan/schema_rewrite.hpp"
#include "brigade/core/plan/strict_json.hpp"

// Without this the library ends the process on a bad schema.
#ifndef VALIJSON_USE_EXCEPTIONS
#define VALIJSON_USE_EXCEPTIONS 1
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#ifndef __clang__
// GCC 12 says this of std::regex whenever it is built with sanitizers.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <new>

namespace brigade::core {

namespace {

namespace json = boost::json;
using adapter = valijson::adapters::BoostJsonAdapter;
using valijson::ValidationResults;

// -- our own keywords ---------------------------------------------------------

enum class rule_kind : std::uint8_t { type, closed, one_of, pattern };

/// A field name of the document, shown only when it has the form of one.
std::string shown_field(std::string_view name) {
  constexpr std::size_t shown_bytes_max = 64;
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  if (name.empty() || name.size() > shown_bytes_max
      || !std::all_of(name.begin(), name.end(), plain))
    return "a field";
  return "the field `" + std::string{name} + "`";
}

std::string joined(const std::vector<std::string>& names,
                   std::string_view last_word) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0)
      text += i + 1 == names.size() ? last_word : ", ";
    text += names[i];
  }
  return text;
}

/// The keywords that the library would get wrong: it takes 1.0 for no
/// integer, matches patterns with std::regex, whose recursion a long string
/// overflows, and names no value or type in its messages.
class keyword_rule final : public valijson::constraints::PolyConstraint {
public:
  keyword_rule(rule_kind kind, std::vector<std::string> names, bool null_too)
      : kind_(kind), names_(std::move(names)), null_too_(null_too) {
    if (kind_ == rule_kind::pattern)
      pattern_ = std::make_shared<re2::RE2>(names_.front(), re2::RE2::Quiet);
  }

  bool validate(const valijson::adapters::Adapter& target,
                const std::vector<std::string>& context,
                ValidationResults* results) const override {
    auto problem = check(target);
    if (problem.empty())
      return true;
    if (results)
      results->pushError(context, problem);
    return false;
  }

private:
  Constraint* cloneInto(void* memory) const override {
    return new (memory) keyword_rule(*this);
  }

  std::size_t sizeOf() const override { return sizeof(keyword_rule); }

  /// Empty when the rule is kept.
  std::string check(const valijson::adapters::Adapter& target) const {
    switch (kind_) {
    case rule_kind::type:
      return is_type(target) ? "" : "must be " + joined(names_, " or ");
    case rule_kind::closed:
      return check_closed(target);
    case rule_kind::one_of:
      return check_one_of(target);
    case rule_kind::pattern:
      return !target.isString()
                     || re2::RE2::PartialMatch(target.getString(), *pattern_)
                 ? ""
                 : "must match the pattern " + names_.front();
    }
    return "";
  }

  bool is_type(const valijson::adapters::Adapter& target) const {
    return std::any_of(names_.begin(), names_.end(), [&](const auto& name) {
      if (name == "integer")
        return target.isInteger()
               || (target.isDouble()
                   && std::trunc(target.getDouble()) == target.getDouble());
      return (name == "string" && target.isString())
             || (name == "number" && target.isNumber())
             || (name == "boolean" && target.isBool())
             || (name == "null" && target.isNull())
             || (name == "object" && target.isObject())
             || (name == "array" && target.isArray());
    });
  }

  std::string check_closed(const valijson::adapters::Adapter& target) const {
    if (!target.isObject())
      return "";
    std::string problem;
    target.applyToObject(
        [&](const std::string& name, const valijson::adapters::Adapter&) {
          if (std::find(names_.begin(), names_.end(), name) != names_.end())
            return true;
          problem = shown_field(name)
                    + " is not allowed here; allowed: " + joined(names_, ", ");
          return false;
        });
    return problem;
  }

  std::string check_one_of(const valijson::adapters::Adapter& target) const {
    if (target.isNull() && null_too_)
      return "";
    if (target.isString()
        && std::find(names_.begin(), names_.end(), target.getString())
               != names_.end())
      return "";
    return "must be one of: " + joined(names_, ", ")
           + (null_too_ ? " or null" : "");
  }

  rule_kind kind_;
  /// Types, fields or values; the one pattern.
  std::vector<std::string> names_;
  bool null_too_;
  std::shared_ptr<const re2::RE2> pattern_;
};

class rule_builder final : public valijson::ConstraintBuilder {
public:
  explicit rule_builder(rule_kind kind) : kind_(kind) {}

  valijson::constraints::Constraint*
  make(const valijson::adapters::Adapter& value) const override {
    std::vector<std::string> names;
    bool null_too = false;
    if (value.isString())
      names.push_back(value.getString());
    else
      value.applyToArray([&](const valijson::adapters::Adapter& item) {
        if (item.isString())
          names.push_back(item.getString());
        else
          null_too = true;
        return true;
      });
    return new keyword_rule(kind_, std::move(names), null_too);
  }

private:
  rule_kind kind_;
};

// -- documents ----------------------------------------------------------------

/// Walks a document before the library does, whose recursion and memory have
/// no limits of their own.
class document_guard {
public:
  std::optional<schema_fault> check(const json::value& document) {
    return walk(document, 0) ? std::nullopt : std::optional{fault_};
  }

private:
  bool walk(const json::value& value, std::size_t depth) {
    if (depth > json_depth_max)
      return refuse("the document is nested too deeply");
    if (++values_ > document_values_max)
      return refuse("the document holds too many values");
    if (value.is_uint64())
      return refuse("the document holds a number that is too large");
    if (const auto* list = value.if_array())
      return std::all_of(
          list->begin(), list->end(),
          [&](const json::value& item) { return walk(item, depth + 1); });
    if (const auto* object = value.if_object())
      return std::all_of(object->begin(), object->end(),
                         [&](const json::key_value_pair& member) {
                           return walk(member.value(), depth + 1);
                         });
    return true;
  }

  bool refuse(std::string message) {
    fault_.message = std::move(message);
    return false;
  }

  std::size_t values_ = 0;
  schema_fault fault_;
};

std::vector<schema_fault> faults_of(const ValidationResults& results) {
  std::vector<raw_schema_error> errors;
  for (const auto& error : results)
    errors.push_back({error.context, error.description});
  return tidy_schema_errors(errors);
}

schema_compilation refused(std::string pointer, std::string message) {
  return {std::nullopt, {{std::move(pointer), std::move(message)}}};
}

} // namespace

struct output_schema::impl {
  valijson::Schema schema;
};

schema_compilation output_schema::compile(std::string_view text) try {
  if (text.size() > schema_bytes_max)
    return refused("", "the schema is too large");
  const auto reading = read_json(text);
  if (!reading.value)
    return refused("", "the schema is not strict JSON");
  auto rewriting = rewrite_schema(*reading.value);
  if (!rewriting.value)
    return {std::nullopt, std::move(rewriting.faults)};
  auto compiled = std::make_shared<impl>();
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  auto add = [&parser](std::string_view name, rule_kind kind) {
    parser.addConstraintBuilder(std::string{name}, new rule_builder(kind));
  };
  add(type_keyword, rule_kind::type);
  add(closed_keyword, rule_kind::closed);
  add(one_of_keyword, rule_kind::one_of);
  add(pattern_keyword, rule_kind::pattern);
  // No function to fetch documents is given: a remote reference is an error.
  parser.populateSchema(adapter(*rewriting.value), compiled->schema);
  return {output_schema{std::move(compiled)}, {}};
} catch (...) {
  return refused("", "the schema could not be compiled");
}

std::vector<schema_fault>
output_schema::validate(const boost::json::value& document) const try {
  if (auto fault = document_guard{}.check(document))
    return {*std::move(fault)};
  ValidationResults results;
  // One validator for each check: it holds a cache that is not thread-safe.
  valijson::Validator validator;
  if (validator.validate(impl_->schema, adapter(document), &results))
    return {};
  return faults_of(results);
} catch (...) {
  return {{"", "the document could not be checked"}};
}

} // namespace brigade::core
