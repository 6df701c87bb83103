#include "brigade/app/run_origin.hpp"

#include <boost/json.hpp>

#include <utility>

namespace brigade::app {

namespace {

namespace json = boost::json;

json::array array_of(const std::vector<std::string>& texts) {
  json::array out;
  for (const auto& text : texts) {
    out.emplace_back(text);
  }
  return out;
}

bool read(const json::object& from, std::string_view name,
          std::vector<std::string>& out) {
  const auto* list = from.if_contains(name);
  if (list == nullptr || !list->is_array()) {
    return false;
  }
  for (const auto& item : list->get_array()) {
    if (!item.is_string()) {
      return false;
    }
    out.emplace_back(item.get_string());
  }
  return true;
}

} // namespace

std::string to_text(const run_origin& origin) {
  return json::serialize(json::object{{"config", origin.config},
                                      {"sets", array_of(origin.sets)},
                                      {"inputs", array_of(origin.inputs)}});
}

std::optional<run_origin> parse_run_origin(std::string_view text) {
  boost::system::error_code failed;
  json::parse_options options;
  options.allow_invalid_utf8 = true; // Names of files hold what they hold.
  const auto parsed = json::parse(text, failed, {}, options);
  const auto* from = failed ? nullptr : parsed.if_object();
  const auto* config = from != nullptr ? from->if_contains("config") : nullptr;
  run_origin out;
  if (config == nullptr || !config->is_string()
      || !read(*from, "sets", out.sets) || !read(*from, "inputs", out.inputs)) {
    return std::nullopt;
  }
  out.config = config->get_string();
  return out;
}

} // namespace brigade::app
