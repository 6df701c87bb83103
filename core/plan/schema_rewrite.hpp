/// Turns a JSON Schema into the form that the schema library handles safely:
/// references expanded, unknown keywords refused, and the keywords that the
/// library gets wrong renamed to our own.
#pragma once

#include "brigade/core/plan/output_schema.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Our own keywords. Their values:
/// - `brigade:type`: array of type names; 1.0 is an integer.
/// - `brigade:closed`: array of the property names allowed.
/// - `brigade:one_of`: array of the strings and nulls allowed.
/// - `brigade:pattern`: a regular expression in RE2 syntax.
inline constexpr std::string_view type_keyword = "brigade:type";
inline constexpr std::string_view closed_keyword = "brigade:closed";
inline constexpr std::string_view one_of_keyword = "brigade:one_of";
inline constexpr std::string_view pattern_keyword = "brigade:pattern";

/// Subschemas after the expansion of references.
inline constexpr std::size_t schema_nodes_max = 4'096;
/// Subschemas inside one another after the expansion of references.
inline constexpr std::size_t schema_depth_max = 32;

struct schema_rewriting {
  std::optional<boost::json::value> value;
  std::vector<schema_fault> faults;
};

schema_rewriting rewrite_schema(const boost::json::value& schema);

/// Appends a member's name to a JSON Pointer, escaped as RFC 6901 says.
void append_pointer(std::string& pointer, std::string_view name);

} // namespace brigade::core
