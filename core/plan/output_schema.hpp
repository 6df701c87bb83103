/// Checks JSON documents against a JSON Schema. The only header in front of
/// the schema library, which is slow to compile and must not be called
/// without the care taken here.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Values in a document, counting objects, arrays and scalars.
inline constexpr std::size_t document_values_max = 65'536;
/// Faults that one check reports.
inline constexpr std::size_t schema_faults_max = 64;
/// The text of a schema.
inline constexpr std::size_t schema_bytes_max = 262'144;

struct schema_fault {
  /// JSON Pointer into the document (into the schema when it could not be
  /// compiled).
  std::string pointer;
  /// A sentence without a full stop. Names fields of the schema; of the
  /// document at most field names.
  std::string message;

  friend bool operator==(const schema_fault&, const schema_fault&) = default;
};

struct schema_compilation;

/// A compiled schema. Cheap to copy; const use from many threads is safe.
///
/// Understands: type, enum, const, properties, required, additionalProperties
/// (false or a schema), minProperties, maxProperties, items (one schema),
/// minItems, maxItems, minLength, maxLength, pattern (RE2 syntax), minimum,
/// maximum, exclusiveMinimum, exclusiveMaximum, multipleOf (integer), allOf,
/// anyOf, oneOf, not, if/then/else and $ref within the schema. Recursive and
/// remote references and every other keyword are refused when the schema is
/// compiled, never ignored; only annotations (title, description, default,
/// examples, format, $comment ...) are passed over.
class output_schema {
public:
  /// Compiles a schema. Never throws.
  static schema_compilation compile(std::string_view text);

  /// Everything that is wrong with a document, at most `schema_faults_max`
  /// faults; empty when it is valid. Never throws.
  std::vector<schema_fault> validate(const boost::json::value& document) const;

private:
  struct impl;

  explicit output_schema(std::shared_ptr<const impl> compiled)
      : impl_(std::move(compiled)) {
    // nop
  }

  std::shared_ptr<const impl> impl_;
};

struct schema_compilation {
  std::optional<output_schema> value;
  /// Empty when there is a value.
  std::vector<schema_fault> faults;
};

} // namespace brigade::core
