#include "brigade/config/crew_file.hpp"

#include "brigade/config/detail/build.hpp"
#include "brigade/core/run/input.hpp"

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
  detail::context ctx{sink, options, path.parent_path().string()};
  loaded result;
  detail::document doc;
  if (text.size() > file_bytes_max)
    doc.error = "is larger than " + std::to_string(file_bytes_max) + " bytes";
  else if (!core::is_text(text))
    doc.error = "is not UTF-8 text";
  else
    doc = detail::read_toml(text, 0);
  if (!doc.root) {
    sink.fail(doc.where, doc.error);
  } else {
    detail::apply_sets(ctx, *doc.root);
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

} // namespace brigade::config
