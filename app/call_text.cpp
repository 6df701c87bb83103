#include "brigade/app/call_text.hpp"

#include "brigade/app/pretty_json.hpp"

#include <boost/json.hpp>

#include <optional>

namespace brigade::app {

namespace {

namespace json = boost::json;

std::optional<json::value> parsed(std::string_view text) {
  json::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_structured()) {
    return std::nullopt;
  }
  return value;
}

/// The text of a message's content.
std::string content_text(const json::value& content) {
  if (const auto* text = content.if_string()) {
    return readable(*text);
  }
  const auto* parts = content.if_array();
  if (parts == nullptr) {
    return content.is_null() ? std::string{} : pretty_json(content);
  }
  std::string out;
  for (const auto& part : *parts) {
    const auto* object = part.if_object();
    const auto* text =
        object == nullptr ? nullptr : object->if_contains("text");
    out += out.empty() ? "" : "\n";
    out += text != nullptr && text->is_string()
               ? std::string{text->get_string()}
               : pretty_json(part);
  }
  return out;
}

std::optional<spoken_part> message_part(const json::value& message) {
  const auto* object = message.if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  const auto* role = object->if_contains("role");
  if (role == nullptr || !role->is_string()) {
    return std::nullopt;
  }
  spoken_part part{std::string{role->get_string()}, {}};
  if (const auto* content = object->if_contains("content")) {
    part.text = content_text(*content);
  }
  json::object rest;
  for (const auto& [key, value] : *object) {
    if (key != "role" && key != "content") {
      rest[key] = value;
    }
  }
  if (!rest.empty()) {
    part.text += (part.text.empty() ? "" : "\n") + pretty_json(rest);
  }
  return part;
}

} // namespace

std::vector<spoken_part> request_parts(std::string_view body) {
  if (body.empty()) {
    return {};
  }
  auto whole = std::vector<spoken_part>{{"body", readable(body)}};
  auto value = parsed(body);
  const auto* object = value ? value->if_object() : nullptr;
  const auto* messages =
      object == nullptr ? nullptr : object->if_contains("messages");
  if (messages == nullptr || !messages->is_array()) {
    return whole;
  }
  std::vector<spoken_part> out;
  for (const auto& message : messages->get_array()) {
    auto part = message_part(message);
    if (!part) {
      return whole;
    }
    out.push_back(*std::move(part));
  }
  json::object rest;
  for (const auto& [key, member] : *object) {
    if (key != "messages") {
      rest[key] = member;
    }
  }
  if (!rest.empty()) {
    out.push_back({"settings", json::serialize(rest)});
  }
  return out;
}

std::string readable(std::string_view text) {
  auto value = parsed(text);
  return value ? pretty_json(*value) : std::string{text};
}

} // namespace brigade::app
