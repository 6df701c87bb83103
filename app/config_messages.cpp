#include "brigade/app/config_messages.hpp"

#include "brigade/app/terminal_text.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

std::vector<std::string>
messages_of(const std::vector<config::config_fault>& faults,
            const std::vector<config::config_fault>& warnings) {
  std::vector<std::string> out;
  for (const auto& fault : faults) {
    out.push_back(terminal_line(config::to_string(fault)));
  }
  for (const auto& warning : warnings) {
    out.push_back("warning: " + terminal_line(config::to_string(warning)));
  }
  return out;
}

} // namespace

std::vector<std::string> config_messages(const config::loaded& loaded) {
  return messages_of(loaded.faults, loaded.warnings);
}

std::vector<std::string> config_messages(const config::loaded_serve& loaded) {
  return messages_of(loaded.faults, loaded.warnings);
}

bool only_keys_missing(const config::loaded& loaded) {
  return !loaded.faults.empty()
         && std::ranges::all_of(loaded.faults, [](const auto& fault) {
              return fault.kind == config::fault_kind::missing_secret;
            });
}

} // namespace brigade::app
