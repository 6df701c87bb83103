#include "brigade/net/api/json_body.hpp"

#include "brigade/core/plan/strict_json.hpp"
#include "brigade/core/run/input.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace brigade::net::api {

namespace json = boost::json;

std::variant<json::object, refusal> read_json_object(std::string_view body) {
  auto reading = core::read_json(body);
  std::string why;
  switch (reading.error) {
  case core::json_error::none:
    if (reading.value->is_object())
      return std::move(reading.value->as_object());
    why = "it must be an object";
    break;
  case core::json_error::incomplete:
    why = "it ends too early";
    break;
  case core::json_error::too_deep:
    why = "it is nested too deep";
    break;
  case core::json_error::duplicate_key:
    why = "the key " + core::quoted_key(reading.key) + " stands twice in it";
    break;
  case core::json_error::syntax:
    why = "it is no JSON";
    break;
  }
  return refusal{400, "invalid_json",
                 "the body cannot be read: " + why + " (byte "
                     + std::to_string(reading.end) + ")"};
}

void json_body_reader::fail(std::string pointer, std::string message) {
  if (faults_.size() < body_faults_max)
    faults_.push_back({std::move(pointer), std::move(message)});
}

refusal json_body_reader::refused(int status) {
  const auto count = faults_.size();
  return {status, "invalid_body",
          "the body has " + std::to_string(count)
              + (count == 1 ? " fault" : " faults"),
          std::move(faults_)};
}

const json::object* json_body_reader::object(const json::value& from,
                                             const std::string& pointer) {
  const auto* out = from.if_object();
  if (out == nullptr)
    fail(pointer, "must be an object");
  return out;
}

void json_body_reader::only(const json::object& from,
                            const std::string& pointer,
                            std::initializer_list<std::string_view> known) {
  for (const auto& member : from) {
    if (faults_.size() >= body_faults_max)
      return;
    const std::string_view key{member.key()};
    if (std::find(known.begin(), known.end(), key) != known.end())
      continue;
    std::string names;
    for (const auto name : known)
      names += (names.empty() ? "" : ", ") + std::string{name};
    core::read_fault fault{{}, "is not known here; there are " + names};
    fault.within(key);
    fail(pointer + fault.pointer, std::move(fault.message));
  }
}

std::string json_body_reader::text(const json::value& from,
                                   const std::string& pointer) {
  const auto* out = from.if_string();
  if (out == nullptr)
    fail(pointer, "must be a string");
  else if (!core::is_text({out->data(), out->size()}))
    fail(pointer, "must be UTF-8 text without NUL");
  else
    return {out->data(), out->size()};
  return {};
}

bool json_body_reader::flag(const json::value& from,
                            const std::string& pointer) {
  if (const auto* out = from.if_bool())
    return *out;
  fail(pointer, "must be true or false");
  return false;
}

std::optional<std::int64_t> json_body_reader::count(const json::value& from,
                                                    const std::string& pointer,
                                                    std::int64_t max) {
  // A number that is no integer, or too large for one, is none of these.
  const auto* out = from.if_int64();
  if (out != nullptr && *out >= 1 && *out <= max)
    return *out;
  fail(pointer, "must be an integer from 1 to " + std::to_string(max));
  return std::nullopt;
}

std::optional<core::pico_usd>
json_body_reader::money(const json::value& from, const std::string& pointer) {
  std::optional<core::pico_usd> out;
  if (const auto* text = from.if_string()) {
    out = core::parse_usd({text->data(), text->size()});
  } else if (const auto* whole = from.if_int64()) {
    out = core::parse_usd(std::to_string(*whole));
  } else if (const auto* number = from.if_double();
             number != nullptr && std::isfinite(*number)) {
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), *number,
                                   std::chars_format::fixed);
    if (end.ec == std::errc{})
      out = core::parse_usd(
          {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
  }
  if (!out)
    fail(pointer, "must be an amount of dollars such as \"0.25\", with at "
                  "most 12 decimals");
  return out;
}

} // namespace brigade::net::api
