/// Where runs are kept. Pure.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/terminal.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace brigade::app {

/// `option` when it is given, else `$XDG_STATE_HOME/brigade`, else
/// `$HOME/.local/state/brigade`. Nothing is made or looked at. A relative
/// XDG_STATE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
std::variant<std::string, problem> state_directory(std::string_view option,
                                                   const environment& env);

} // namespace brigade::app
