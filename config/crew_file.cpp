#include "brigade/config/crew_file.hpp"

#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/schema.hpp"

#include <filesystem>

namespace brigade::config {

std::string_view to_string(provider_kind kind) {
  return kind == provider_kind::builtin ? "builtin" : "openai";
}

std::optional<provider_kind> parse_provider_kind(std::string_view text) {
  for (auto kind : {provider_kind::openai, provider_kind::builtin})
    if (text == to_string(kind))
      return kind;
  return std::nullopt;
}

const provider_settings* find_provider(const crew_file& file,
                                       std::string_view name) {
  for (const auto& p : file.providers)
    if (p.name == name)
      return &p;
  return nullptr;
}

loaded parse_crew(std::string_view text, const std::string& file_name,
                  const load_options& options) {
  const std::filesystem::path path{file_name};
  detail::fault_sink sink{file_name};
  detail::context ctx{sink, options, path.parent_path().string(),
                      &detail::crew_sections()};
  loaded result;
  if (auto doc = detail::read_document(ctx, text); doc.root) {
    auto file = detail::link(ctx, detail::read_sections(ctx, *doc.root));
    file.crew.name = path.stem().string();
    if (!sink.any())
      result.value = std::move(file);
  }
  result.faults = sink.take_faults();
  result.warnings = sink.take_warnings();
  return result;
}

loaded load_crew_file(const std::string& path, const load_options& options) {
  detail::fault_sink sink{path};
  auto read = detail::context{sink, options, {}}.read_file(path);
  if (read.text)
    return parse_crew(*read.text, path, options);
  loaded result;
  sink.fail({}, read.error);
  result.faults = sink.take_faults();
  return result;
}

std::string crew_schema_json() {
  return detail::schema_json("Brigade crew file", detail::crew_sections());
}

} // namespace brigade::config
