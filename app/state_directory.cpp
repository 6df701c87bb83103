#include "brigade/app/state_directory.hpp"

namespace brigade::app {

namespace {

/// The variable's value when it is an absolute path.
std::string absolute(const environment& env, std::string_view name) {
  auto value = env(name).value_or("");
  return value.starts_with('/') ? value : std::string{};
}

std::string joined(std::string folder, std::string_view rest) {
  if (!folder.ends_with('/')) {
    folder += '/';
  }
  return folder.append(rest);
}

} // namespace

std::variant<std::string, problem> state_directory(std::string_view option,
                                                   const environment& env) {
  if (!option.empty()) {
    return std::string{option};
  }
  if (auto state = absolute(env, "XDG_STATE_HOME"); !state.empty()) {
    return joined(std::move(state), "brigade");
  }
  if (auto home = absolute(env, "HOME"); !home.empty()) {
    return joined(std::move(home), ".local/state/brigade");
  }
  return problem{"nobody says where runs are kept: neither XDG_STATE_HOME nor "
                 "HOME is set",
                 "name a directory with --state DIR"};
}

} // namespace brigade::app
