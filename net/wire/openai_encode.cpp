#include "brigade/net/wire/json_text.hpp"
#include "brigade/net/wire/openai.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace brigade::net::wire {

namespace {

using core::structured_output;

constexpr std::string_view schema_instruction =
    "\n\nAnswer with one JSON object that follows this JSON Schema, and with "
    "nothing else:\n";

constexpr auto no_message = static_cast<std::size_t>(-1);

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  auto [end, ec] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

/// 700 as `0.7`, exactly.
void append_thousandths(std::string& out, std::int32_t milli) {
  auto value = static_cast<std::int64_t>(milli);
  if (value < 0) {
    out += '-';
    value = -value;
  }
  append_number(out, static_cast<std::uint64_t>(value / 1000));
  auto rest = static_cast<int>(value % 1000);
  if (rest == 0)
    return;
  out += '.';
  for (auto unit = 100; rest != 0; unit /= 10) {
    out += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
}

std::string_view role_of(core::speaker from, const core::wire_quirks& quirks) {
  switch (from) {
  case core::speaker::system:
    return quirks.system_role;
  case core::speaker::assistant:
    return "assistant";
  default:
    return "user";
  }
}

bool wants_schema_in_prompt(const core::model_request& request,
                            const core::wire_quirks& quirks) {
  return request.schema
         && (quirks.structured == structured_output::json_object
             || quirks.structured == structured_output::prompt);
}

void append_message(std::string& out, std::string_view role,
                    std::string_view content, std::string_view schema) {
  out += R"({"role":)";
  append_string(out, role);
  out += R"(,"content":")";
  append_escaped(out, content);
  if (!schema.empty()) {
    append_escaped(out, schema_instruction);
    append_escaped(out, schema);
  }
  out += R"("},)";
}

void append_messages(std::string& out, const core::model_request& request,
                     const core::wire_quirks& quirks) {
  // The last message that instructs; an answer put into the model's mouth
  // must stay the last one.
  auto carrier = no_message;
  std::string_view schema;
  if (wants_schema_in_prompt(request, quirks)) {
    schema = request.schema->schema.view();
    for (std::size_t i = 0; i < request.messages.size(); ++i)
      if (request.messages[i].from != core::speaker::assistant)
        carrier = i;
  }
  out += R"("messages":[)";
  if (!schema.empty() && carrier == no_message)
    append_message(out, "user", "", schema);
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const auto& item = request.messages[i];
    append_message(out, role_of(item.from, quirks), item.content,
                   i == carrier ? schema : std::string_view{});
  }
  if (out.back() == ',')
    out.pop_back();
  out += ']';
}

void append_json_schema(std::string& out, const core::schema_request& schema) {
  out += R"(,"response_format":{"type":"json_schema","json_schema":{"name":)";
  append_string(out, schema.name);
  out += R"(,"strict":true,"schema":)";
  out += schema.schema.view();
  out += "}}";
}

void append_tool(std::string& out, const core::schema_request& schema) {
  out += R"(,"tools":[{"type":"function","function":{"name":)";
  append_string(out, schema.name);
  out += R"(,"parameters":)";
  out += schema.schema.view();
  out += R"(}}],"tool_choice":{"type":"function","function":{"name":)";
  append_string(out, schema.name);
  out += R"(}},"parallel_tool_calls":false)";
}

void append_output_format(std::string& out, const core::model_request& request,
                          const core::wire_quirks& quirks) {
  if (!request.schema)
    return;
  switch (quirks.structured) {
  case structured_output::json_schema:
    return append_json_schema(out, *request.schema);
  case structured_output::json_object:
    out += R"(,"response_format":{"type":"json_object"})";
    return;
  case structured_output::tool:
    return append_tool(out, *request.schema);
  case structured_output::prompt:
    return;
  }
}

/// The members of an object in its text form, without the braces.
std::string_view members_of(std::string_view object) {
  constexpr std::string_view blank = " \t\r\n";
  auto first = object.find('{');
  auto last = object.rfind('}');
  if (first == std::string_view::npos || last == std::string_view::npos
      || last <= first)
    return {};
  auto inner = object.substr(first + 1, last - first - 1);
  auto start = inner.find_first_not_of(blank);
  if (start == std::string_view::npos)
    return {};
  return inner.substr(start, inner.find_last_not_of(blank) - start + 1);
}

/// An upper estimate for most requests, so that the text grows once.
std::size_t estimate_bytes(const core::model_request& request,
                           const core::model_spec& model) {
  auto bytes =
      std::size_t{256} + model.name.size() + model.quirks.extra_body.size();
  for (const auto& item : request.messages)
    bytes += item.content.size() + item.content.size() / 16 + 40;
  if (request.schema)
    bytes += request.schema->schema.view().size() + schema_instruction.size()
             + 2 * request.schema->name.size();
  return bytes;
}

} // namespace

std::string encode_chat(const core::model_request& request,
                        const core::model_spec& model) {
  const auto& quirks = model.quirks;
  std::string out;
  out.reserve(estimate_bytes(request, model));
  out += R"({"model":)";
  append_string(out, model.name);
  out += ',';
  append_messages(out, request, quirks);
  out += ',';
  append_string(out, quirks.output_limit_field);
  out += ':';
  append_number(out, request.output_tokens_max);
  if (quirks.temperature_milli) {
    out += R"(,"temperature":)";
    append_thousandths(out, *quirks.temperature_milli);
  }
  append_output_format(out, request, quirks);
  if (auto extra = members_of(quirks.extra_body); !extra.empty()) {
    out += ',';
    out += extra;
  }
  out += '}';
  return out;
}

std::optional<std::string> check_quirks(const core::wire_quirks& quirks) {
  constexpr std::array<std::string_view, 14> ours = {"model",
                                                     "messages",
                                                     "max_tokens",
                                                     "max_completion_tokens",
                                                     "response_format",
                                                     "tools",
                                                     "tool_choice",
                                                     "parallel_tool_calls",
                                                     "functions",
                                                     "function_call",
                                                     "stream",
                                                     "stream_options",
                                                     "n",
                                                     "best_of"};
  if (quirks.output_limit_field.empty())
    return "output_limit_field is empty";
  if (std::find(ours.begin(), ours.end(), quirks.output_limit_field)
          != ours.end()
      && quirks.output_limit_field.find("max_") != 0)
    return "output_limit_field names a member with another meaning";
  if (quirks.system_role.empty())
    return "system_role is empty";
  if (quirks.extra_body.empty())
    return std::nullopt;
  boost::system::error_code ec;
  auto value = boost::json::parse(quirks.extra_body, ec);
  if (ec || !value.is_object())
    return "extra_body is not a JSON object";
  for (const auto& member : value.get_object()) {
    std::string_view name{member.key().data(), member.key().size()};
    if (std::find(ours.begin(), ours.end(), name) != ours.end()
        || name == quirks.output_limit_field
        || (name == "temperature" && quirks.temperature_milli))
      return "extra_body must not set \"" + std::string{name}
             + "\", which Brigade sets itself";
  }
  return std::nullopt;
}

} // namespace brigade::net::wire
