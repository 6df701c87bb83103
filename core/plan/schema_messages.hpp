/// Turns the schema library's errors into faults that people and models can
/// act on: JSON Pointers, one fault per cause, no repetition by the parents.
#pragma once

#include "brigade/core/plan/output_schema.hpp"

#include <string>
#include <vector>

namespace brigade::core {

/// An error as the library words it. `context` is `<root>`, `[tasks]`, `[0]`.
struct raw_schema_error {
  std::vector<std::string> context;
  std::string description;
};

/// At most `schema_faults_max` faults and never none: the library is silent
/// about some causes, but the verdict stands.
std::vector<schema_fault>
tidy_schema_errors(const std::vector<raw_schema_error>& errors);

} // namespace brigade::core
