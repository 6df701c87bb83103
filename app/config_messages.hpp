/// The faults and warnings of a crew file as lines for stderr. Pure.
#pragma once

#include "brigade/config/crew_file.hpp"
#include "brigade/config/serve_file.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// `crew.toml:12:3: message` for each fault, then `warning: ...` for each
/// warning. Safe to print.
std::vector<std::string> config_messages(const config::loaded& loaded);

/// The same of a daemon's file and those that it names.
std::vector<std::string> config_messages(const config::loaded_serve& loaded);

/// Whether the file is fine and only keys are missing: the exit code is then
/// that of a provider.
bool only_keys_missing(const config::loaded& loaded);

} // namespace brigade::app
