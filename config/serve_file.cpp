#include "brigade/config/serve_file.hpp"

#include "brigade/config/detail/schema.hpp"
#include "brigade/config/detail/serve_sections.hpp"
#include "brigade/config/detail/text.hpp"

#include <algorithm>
#include <filesystem>

namespace brigade::config {

namespace {

/// A crew file is no daemon's file with faults.
bool is_crew_file(const detail::node& root) {
  const auto has = [&root](std::initializer_list<std::string_view> keys) {
    return std::any_of(keys.begin(), keys.end(),
                       [&root](auto key) { return root.find(key) != nullptr; });
  };
  return has({"planner", "providers"}) && !has({"server", "crews", "clients"});
}

loaded_serve serve_one(loaded crew, const std::string& file_name) {
  loaded_serve result;
  result.faults = std::move(crew.faults);
  result.warnings = std::move(crew.warnings);
  if (!crew.value)
    return result;
  served_crew served;
  served.name = crew.value->crew.name;
  served.file = file_name;
  if (!detail::is_name(served.name))
    result.faults.push_back({file_name, 0, 0,
                             "the crew is served under the file's name, which "
                             "must be 1 to 64 of the characters A-Z a-z 0-9 _ "
                             ". - before its ending: rename the file, or name "
                             "it in a [crews.NAME]"});
  if (crew.value->crew.limits.estimate == core::estimate_kind::typical)
    result.faults.push_back({file_name, 0, 0,
                             "the crew has estimate = \"typical\", so its runs "
                             "can cost more than their ceiling: serve it from "
                             "a daemon's file with allow_typical_estimate = "
                             "true"});
  if (!result.faults.empty())
    return result;
  served.crew = std::move(*crew.value);
  result.value.emplace();
  result.value->crews.push_back(std::move(served));
  return result;
}

} // namespace

const served_crew* find_crew(const serve_settings& settings,
                             std::string_view name) {
  for (const auto& crew : settings.crews)
    if (crew.name == name)
      return &crew;
  return nullptr;
}

client_settings settings_of(const serve_settings& settings,
                            std::string_view client) {
  for (const auto& known : settings.clients)
    if (known.name == client)
      return known.settings;
  client_settings result;
  result.runs_max = settings.server.client_runs_max;
  result.queue_max = settings.server.client_queue_max;
  result.cost_per_day = settings.server.client_cost_per_day;
  return result;
}

std::string exposure_fault(const server_settings& settings) {
  if (is_loopback(settings.listen))
    return {};
  std::vector<std::string_view> missing;
  if (settings.tokens_file.empty())
    missing.push_back("tokens_file");
  if (settings.tls_certificate.empty())
    missing.push_back("tls_certificate");
  if (settings.tls_key.empty())
    missing.push_back("tls_key");
  if (missing.empty())
    return {};
  std::string list;
  for (std::size_t i = 0; i < missing.size(); ++i)
    list += (i == 0                    ? ""
             : i + 1 == missing.size() ? " and "
                                       : ", ")
            + std::string{missing[i]};
  return to_string(settings.listen)
         + " can be reached from other machines, which needs tokens and TLS: "
           "set "
         + list + ", or listen on 127.0.0.1";
}

loaded_serve parse_serve(std::string_view text, const std::string& file_name,
                         const load_options& options) {
  detail::fault_sink sink{file_name};
  detail::context ctx{sink, options,
                      std::filesystem::path{file_name}.parent_path().string(),
                      &detail::serve_sections()};
  loaded_serve result;
  if (auto doc = detail::read_document(ctx, text); doc.root) {
    if (is_crew_file(*doc.root))
      return serve_one(parse_crew(text, file_name, options), file_name);
    auto settings = detail::read_serve(ctx, *doc.root, result);
    if (!sink.any() && result.faults.empty())
      result.value = std::move(settings);
  }
  auto own = sink.take_faults();
  result.faults.insert(result.faults.begin(), own.begin(), own.end());
  own = sink.take_warnings();
  result.warnings.insert(result.warnings.begin(), own.begin(), own.end());
  return result;
}

loaded_serve load_serve_file(const std::string& path,
                             const load_options& options) {
  detail::fault_sink sink{path};
  auto read = detail::context{sink, options, {}}.read_file(path);
  if (read.text)
    return parse_serve(*read.text, path, options);
  loaded_serve result;
  sink.fail({}, read.error);
  result.faults = sink.take_faults();
  return result;
}

std::string serve_schema_json() {
  return detail::schema_json("Brigade daemon file", detail::serve_sections());
}

} // namespace brigade::config
