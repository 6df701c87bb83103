/// What is told of something that happened, by name.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::app::serve {

/// The names are of the code, the values of anybody.
using named_values = std::vector<std::pair<std::string_view, std::string>>;

} // namespace brigade::app::serve
