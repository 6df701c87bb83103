// A crew file from anywhere, with a `--set` from its first line. Whatever they
// hold, there is either a crew or a list of faults that are fit to be shown.
#include "brigade/config/crew_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace config = brigade::config;

namespace {

// Long enough not to stand in a message by chance.
constexpr std::string_view key = "sk-7f3a9c0e5b";

void require(bool condition) {
  if (!condition)
    std::abort();
}

config::load_options options(std::string_view set) {
  config::load_options result;
  result.environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "KEY")
      return std::string{key};
    return std::nullopt;
  };
  result.read_file = [](const std::string& path,
                        std::uint64_t) -> config::file_text {
    if (path.ends_with("k"))
      return {std::string{key}, {}};
    return {std::nullopt, "does not exist"};
  };
  if (!set.empty())
    result.sets.emplace_back(set);
  return result;
}

void check_message(const config::config_fault& fault) {
  const auto text = config::to_string(fault);
  require(!fault.message.empty());
  require(text.find(key) == std::string::npos);
  require(std::none_of(fault.message.begin(), fault.message.end(),
                       [](char c) { return c == '\x1b' || c == '\0'; }));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  // What the file itself says may be shown.
  if (text.find(key) != std::string_view::npos)
    return 0;
  const auto end = std::min(text.find('\n'), text.size());
  const auto set = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  const auto result = config::parse_crew(text, "c.toml", options(set));
  require(result.value.has_value() == result.faults.empty());
  require(result.faults.size() <= config::faults_max + 1);
  for (const auto& fault : result.faults)
    check_message(fault);
  for (const auto& warning : result.warnings)
    check_message(warning);
  return 0;
}
