/// The JSON Schema of a configuration file, made from its table of keys.
#pragma once

#include "brigade/config/detail/key.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

/// Indented, with a line end at its end. Every table is closed: it takes no
/// other keys.
std::string schema_json(std::string_view title,
                        const std::vector<section_doc>& sections);

} // namespace brigade::config::detail
