#include "brigade/config/detail/context.hpp"

#include "brigade/config/detail/text.hpp"
#include "brigade/core/run/input.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace brigade::config::detail {

std::uint32_t fault_sink::add_source(std::string label) {
  sources_.push_back(std::move(label));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

void fault_sink::fail(place where, std::string message, fault_kind kind) {
  // One more than are listed, to know that there are more.
  if (faults_.size() <= faults_max)
    faults_.push_back({where, std::move(message), kind});
}

void fault_sink::warn(place where, std::string message) {
  if (warnings_.size() < faults_max)
    warnings_.push_back({where, std::move(message), fault_kind::config});
}

std::vector<config_fault> fault_sink::take(std::vector<entry>& entries) const {
  const bool cut = entries.size() > faults_max;
  if (cut)
    entries.pop_back();
  std::stable_sort(
      entries.begin(), entries.end(),
      [](const entry& lhs, const entry& rhs) { return lhs.where < rhs.where; });
  std::vector<config_fault> result;
  for (auto& e : entries)
    result.push_back({sources_[e.where.source], e.where.line, e.where.column,
                      std::move(e.message), e.kind});
  if (cut)
    result.push_back({sources_.front(), 0, 0,
                      "more than " + std::to_string(faults_max)
                          + " faults: the others are not listed",
                      fault_kind::config});
  entries.clear();
  return result;
}

std::optional<std::string> context::environment(std::string_view name) const {
  if (options.environment)
    return options.environment(name);
  const char* found = std::getenv(std::string{name}.c_str());
  if (found == nullptr)
    return std::nullopt;
  return std::string{found};
}

file_text context::read_file(const std::string& path,
                             std::uint64_t bytes_max) const {
  if (options.read_file)
    return options.read_file(path, bytes_max);
  return read_text_file(path, bytes_max);
}

std::string context::resolve(std::string_view path) const {
  return (std::filesystem::path{folder} / path).string();
}

bool is_variable_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 256;
  if (name.empty() || name.size() > name_bytes_max
      || (name.front() >= '0' && name.front() <= '9'))
    return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_';
  });
}

namespace {

/// The value of what stands between `${` and `}`.
std::optional<std::string> expand(const context& ctx, std::string_view inside,
                                  place where) {
  const auto mark = inside.find(":-");
  const auto name = inside.substr(0, mark);
  if (!is_variable_name(name)) {
    ctx.faults.fail(where, "bad variable " + quoted(name)
                               + ": write ${NAME} or ${NAME:-default}, and $$ "
                                 "for a dollar sign");
    return std::nullopt;
  }
  auto found = ctx.environment(name);
  if (mark != std::string_view::npos) {
    if (!found || found->empty())
      return std::string{inside.substr(mark + 2)};
  } else if (!found) {
    const std::string text{name};
    ctx.faults.fail(where, "environment variable " + text
                               + " is not set: export " + text
                               + "=... or write ${" + text + ":-default}");
  }
  return found;
}

} // namespace

std::optional<std::string> interpolate(const context& ctx,
                                       std::string_view text, place where) {
  std::string result;
  while (true) {
    const auto dollar = text.find('$');
    result += text.substr(0, dollar);
    if (dollar == std::string_view::npos)
      return result;
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      result += '$';
      text.remove_prefix(1);
    } else if (!text.starts_with('{')) {
      result += '$';
    } else {
      const auto end = text.find('}');
      if (end == std::string_view::npos) {
        ctx.faults.fail(where, "\"${\" without \"}\": write ${NAME}, or $${ "
                               "for the characters themselves");
        return std::nullopt;
      }
      const auto value = expand(ctx, text.substr(1, end - 1), where);
      if (!value)
        return std::nullopt;
      result += *value;
      text.remove_prefix(end + 1);
    }
  }
}

document read_document(context& ctx, std::string_view text) {
  document doc;
  if (text.size() > file_bytes_max)
    doc.error = "is larger than " + std::to_string(file_bytes_max) + " bytes";
  else if (!core::is_text(text))
    doc.error = "is not UTF-8 text";
  else
    doc = read_toml(text, 0);
  if (doc.root)
    apply_sets(ctx, *doc.root);
  else
    ctx.faults.fail(doc.where, doc.error);
  return doc;
}

} // namespace brigade::config::detail
