/// Where the crew of a command comes from: a file, or the built-in one.
#pragma once

#include "brigade/config/crew_file.hpp"

#include <string>
#include <vector>

namespace brigade::app {

/// The crew of `path`, or `core::builtin_crew()` when it is empty, with each
/// `--set KEY=VALUE`. Reads the environment for `${NAME}` and, unless
/// `keys_needed` is false, for keys.
config::loaded load_crew(const std::string& path,
                         const std::vector<std::string>& sets,
                         bool keys_needed);

/// The built-in crew as a crew file, so that `--set` works on it as on any
/// other.
std::string builtin_crew_toml();

} // namespace brigade::app
