#include "brigade/app/crew_source.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <string_view>

namespace brigade::app {

namespace {

/// A TOML basic string: JSON's escapes are a subset of its own, but for the
/// slash, which is never escaped here.
std::string toml_string(std::string_view text) {
  return boost::json::serialize(boost::json::string_view{text});
}

void add(std::string& out, std::string_view key, const std::string& value) {
  out += key;
  out += " = ";
  out += value;
  out += '\n';
}

/// Only settings that differ from a crew file's defaults.
void add_limits(std::string& out, const core::crew& crew) {
  const core::limits defaults;
  const auto& set = crew.limits;
  out += "[limits]\n";
  auto number = [&](std::string_view key, std::uint64_t value,
                    std::uint64_t fallback) {
    if (value != fallback) {
      add(out, key, std::to_string(value));
    }
  };
  number("tasks_max", set.tasks_max, defaults.tasks_max);
  number("planner_input_bytes_max", set.planner_input_bytes_max,
         defaults.planner_input_bytes_max);
  number("result_bytes_max", set.result_bytes_max, defaults.result_bytes_max);
  add(out, "if_dependency_failed",
      toml_string(core::to_string(crew.if_dependency_failed)));
}

void add_prompt(std::string& out, const std::string& prompt) {
  if (!prompt.empty()) {
    add(out, "prompt", toml_string(prompt));
  }
}

} // namespace

std::string builtin_crew_toml() {
  auto crew = core::builtin_crew();
  std::string out;
  add_limits(out, crew);
  for (const auto& model : crew.models) {
    out += "[models." + model.alias + "]\n";
    add(out, "provider", toml_string(model.provider));
    add(out, "name", toml_string(model.name));
    add(out, "output_tokens_max", std::to_string(model.output_tokens_max));
    add(out, "overhead_tokens", std::to_string(model.overhead_tokens));
    add(out, "input_usd_per_mtok", "0");
    add(out, "output_usd_per_mtok", "0");
  }
  out += "[planner]\n";
  add(out, "model", toml_string(crew.planner.model));
  add_prompt(out, crew.planner.prompt);
  for (const auto& worker : crew.workers) {
    out += "[workers." + worker.name + "]\n";
    add(out, "model", toml_string(worker.model));
    add(out, "description", toml_string(worker.description));
    add_prompt(out, worker.prompt);
  }
  out += "[synthesizer]\n";
  add(out, "model", toml_string(crew.synthesizer.model));
  add_prompt(out, crew.synthesizer.prompt);
  return out;
}

config::loaded load_crew(const std::string& path,
                         const std::vector<std::string>& sets,
                         bool keys_needed) {
  config::load_options options;
  options.sets = sets;
  options.resolve_secrets = keys_needed;
  if (!path.empty()) {
    return config::load_crew_file(path, options);
  }
  if (!sets.empty()) {
    return config::parse_crew(builtin_crew_toml(), "builtin", options);
  }
  // The common case of a newcomer, without a parser in the way.
  config::loaded out;
  out.value.emplace();
  out.value->crew = core::builtin_crew();
  config::provider_settings provider;
  provider.name = config::builtin_provider_name;
  provider.kind = config::provider_kind::builtin;
  out.value->providers.push_back(std::move(provider));
  return out;
}

} // namespace brigade::app
