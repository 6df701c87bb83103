#include "brigade/core/crew/crew_json.hpp"

#include "brigade/core/crew/crew_fields.hpp"
#include "brigade/core/json/field_reader.hpp"
#include "brigade/core/json/text_writer.hpp"
#include "brigade/core/model/digest.hpp"
#include "brigade/core/plan/strict_json.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

using namespace json_fields;

/// How many crews stand inside one another below this one.
std::size_t nesting_of(const crew& c) {
  std::size_t deepest = 0;
  for (const auto& worker : c.workers)
    if (worker.nested)
      deepest = std::max(deepest, 1 + nesting_of(*worker.nested));
  return deepest;
}

} // namespace

std::string crew_to_json(const crew& c) {
  std::string text;
  text_writer<written::all>{text}.write(c);
  return text;
}

std::optional<crew> crew_from_json(std::string_view text) {
  if (text.size() > crew_json_bytes_max)
    return std::nullopt;
  const auto json = read_json(text, {}, {crew_json_depth_max, true});
  crew result;
  if (!json.value || !reader{}.read(*json.value, result)
      || nesting_of(result) > crew_nesting_max)
    return std::nullopt;
  return result;
}

std::string crew_hash(const crew& c) {
  return sha256_hex(crew_to_json(c));
}

} // namespace brigade::core
