#include "brigade/app/config_messages.hpp"

#include "brigade/app/terminal_text.hpp"

#include <algorithm>

namespace brigade::app {

std::vector<std::string> config_messages(const config::loaded& loaded) {
  std::vector<std::string> out;
  for (const auto& fault : loaded.faults) {
    out.push_back(terminal_line(config::to_string(fault)));
  }
  for (const auto& warning : loaded.warnings) {
    out.push_back("warning: " + terminal_line(config::to_string(warning)));
  }
  return out;
}

bool only_keys_missing(const config::loaded& loaded) {
  return !loaded.faults.empty()
         && std::ranges::all_of(loaded.faults, [](const auto& fault) {
              return fault.kind == config::fault_kind::missing_secret;
            });
}

} // namespace brigade::app
