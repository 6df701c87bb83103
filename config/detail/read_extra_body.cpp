#include "brigade/config/detail/build.hpp"
#include "brigade/config/detail/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace brigade::config::detail {

namespace {

namespace json = boost::json;

constexpr std::size_t extra_body_bytes_max = 65'536;

/// Members that are ours to set, and such as would make a call cost more than
/// what was reserved for it: several answers, another model, paid tools.
constexpr std::array<std::string_view, 18> reserved{
    "model",       "messages",       "max_tokens",
    "n",           "best_of",        "max_completion_tokens",
    "stream",      "stream_options", "response_format",
    "tools",       "tool_choice",    "functions",
    "temperature", "function_call",  "web_search_options",
    "models",      "plugins",        "fallbacks"};

std::optional<json::value> to_json(const context& ctx, const node& from) {
  switch (from.kind) {
  case node_kind::text: {
    const auto text = interpolate(ctx, from.text, from.where);
    if (!text)
      return std::nullopt;
    return json::string(*text);
  }
  case node_kind::integer:
    return from.integer;
  case node_kind::number:
    if (!std::isfinite(from.number))
      break;
    return from.number;
  case node_kind::boolean:
    return from.flag;
  case node_kind::date:
    break;
  case node_kind::array: {
    json::array items;
    for (const auto& item : from.items)
      if (auto converted = to_json(ctx, item))
        items.push_back(std::move(*converted));
    return items;
  }
  case node_kind::table: {
    json::object members;
    for (const auto& m : from.members)
      if (auto converted = to_json(ctx, m.value))
        members.insert_or_assign(m.key, std::move(*converted));
    return members;
  }
  }
  ctx.faults.fail(from.where, std::string{to_string(from.kind)}
                                  + " that JSON does not know: write a string");
  return std::nullopt;
}

} // namespace

std::optional<std::string>
read_extra_body(const context& ctx, std::string_view path, const node& from) {
  bool good = true;
  for (const auto& m : from.members) {
    if (std::find(reserved.begin(), reserved.end(), m.key) == reserved.end())
      continue;
    good = false;
    ctx.faults.fail(m.where,
                    std::string{path} + " must not hold " + quoted(m.key)
                        + ": it is set by Brigade or would change what "
                          "a call can cost");
  }
  const auto converted = to_json(ctx, from);
  if (!good || !converted)
    return std::nullopt;
  auto text = json::serialize(*converted);
  if (text.size() > extra_body_bytes_max) {
    ctx.faults.fail(from.where, std::string{path} + " must not be longer than "
                                    + std::to_string(extra_body_bytes_max)
                                    + " bytes");
    return std::nullopt;
  }
  return text;
}

} // namespace brigade::config::detail
