/// The texts of `brigade --help`, `brigade run --help` and so on.
#pragma once

#include <string_view>

namespace brigade::app {

extern const std::string_view main_help;
extern const std::string_view run_help;
extern const std::string_view check_help;
extern const std::string_view version_help;

} // namespace brigade::app
