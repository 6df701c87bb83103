/// What the tests of crew files share: a small valid file, a fake environment
/// and fake files.
#pragma once

#include "brigade/config/crew_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::test {

using texts = std::map<std::string, std::string, std::less<>>;

/// Options that never look at the machine.
inline load_options fake(texts environment = {}, texts files = {},
                         std::vector<std::string> sets = {}) {
  load_options result;
  result.environment =
      [environment = std::move(environment)](
          std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end())
      return std::nullopt;
    return found->second;
  };
  result.read_file = [files = std::move(files)](const std::string& path,
                                                std::uint64_t) -> file_text {
    const auto found = files.find(path);
    if (found == files.end())
      return {std::nullopt, "does not exist"};
    return {found->second, {}};
  };
  result.sets = std::move(sets);
  return result;
}

/// A valid crew with one declared provider and model. Its parts can be
/// replaced one by one.
struct parts {
  std::string limits;
  std::string provider = "kind = \"openai\"\n"
                         "base_url = \"http://127.0.0.1:1/v1\"\n";
  std::string model = "provider = \"p\"\nname = \"m\"\n"
                      "input_usd_per_mtok = 1\noutput_usd_per_mtok = 2\n";
  std::string planner = "model = \"fast\"\n";
  std::string worker = "model = \"fast\"\ndescription = \"d\"\n"
                       "prompt = \"p\"\n";
  std::string synthesizer = "kind = \"merge\"\n";
  std::string rest;

  std::string text() const {
    return "[limits]\n" + limits + "[providers.p]\n" + provider
           + "[models.fast]\n" + model + "[planner]\n" + planner
           + "[workers.w]\n" + worker + "[synthesizer]\n" + synthesizer + rest;
  }
};

/// All faults, one per line.
inline std::string faults_of(const loaded& result) {
  std::string out;
  for (const auto& fault : result.faults)
    out += to_string(fault) + "\n";
  return out;
}

inline std::string warnings_of(const loaded& result) {
  std::string out;
  for (const auto& fault : result.warnings)
    out += to_string(fault) + "\n";
  return out;
}

inline std::string faults_of(const parts& p,
                             const load_options& options = fake()) {
  return faults_of(parse_crew(p.text(), "c.toml", options));
}

} // namespace brigade::config::test
