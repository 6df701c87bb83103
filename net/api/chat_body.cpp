#include "brigade/net/api/chat_body.hpp"

#include "brigade/net/api/json_body.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

struct role_name {
  std::string_view name;
  chat_role role;
};

constexpr std::array role_names{
    role_name{"system", chat_role::system},
    role_name{"developer", chat_role::system},
    role_name{"user", chat_role::user},
    role_name{"assistant", chat_role::assistant},
    role_name{"tool", chat_role::tool},
    role_name{"function", chat_role::tool},
};

/// A member that is there and not null: clients send null for what is not set.
const json::value* set_member(const json::object& from, std::string_view key) {
  const auto* out = from.if_contains(key);
  return out == nullptr || out->is_null() ? nullptr : out;
}

std::string_view text_of(const json::value& from) {
  const auto* text = from.if_string();
  return text == nullptr ? std::string_view{}
                         : std::string_view{text->data(), text->size()};
}

refusal unsupported(std::string code, std::string pointer,
                    std::string message) {
  return {400,
          std::move(code),
          "this server cannot do what is asked",
          {{std::move(pointer), std::move(message)}}};
}

/// What the answer would lack, so that it must not be ignored.
std::optional<refusal> unsupported_parameter(const json::object& root) {
  constexpr auto code = "unsupported_parameter";
  if (const auto* n = set_member(root, "n"); n != nullptr && *n != 1)
    return unsupported(code, "/n", "must be 1: a run has one answer");
  for (const auto* key : {"tools", "functions"})
    if (const auto* list = set_member(root, key))
      if (!list->is_array() || !list->get_array().empty())
        return unsupported(code, std::string{"/"} + key,
                           "is not supported: a crew has workers of its own");
  if (const auto* format = set_member(root, "response_format")) {
    const auto* fields = format->if_object();
    const auto* type = fields ? fields->if_contains("type") : nullptr;
    if (type == nullptr || text_of(*type) != "text")
      return unsupported(code, "/response_format",
                         "must be {\"type\":\"text\"}: answers are text");
  }
  return std::nullopt;
}

class chat_reader {
public:
  std::variant<chat_request, refusal> read(const json::object& root) {
    if (auto why = unsupported_parameter(root))
      return std::move(*why);
    if (const auto* model = root.if_contains("model"))
      out_.model = in_.text(*model, "/model");
    else
      in_.fail("/model", "is missing: GET /v1/models lists them");
    read_messages(root);
    if (const auto* stream = set_member(root, "stream"))
      out_.stream = in_.flag(*stream, "/stream");
    if (const auto* options = set_member(root, "stream_options"))
      if (const auto* fields = in_.object(*options, "/stream_options"))
        if (const auto* usage = set_member(*fields, "include_usage"))
          out_.include_usage =
              in_.flag(*usage, "/stream_options/include_usage");
    if (const auto* metadata = set_member(root, "metadata"))
      if (const auto* fields = in_.object(*metadata, "/metadata"))
        if (const auto* cost = set_member(*fields, "max_cost_usd"))
          out_.cost_max = in_.money(*cost, "/metadata/max_cost_usd");
    if (content_)
      return std::move(*content_);
    if (in_.has_failed())
      return in_.refused(400);
    return std::move(out_);
  }

private:
  void read_messages(const json::object& root) {
    const auto* member = root.if_contains("messages");
    const auto* list = member ? member->if_array() : nullptr;
    if (list == nullptr || list->empty() || list->size() > chat_messages_max) {
      in_.fail("/messages", "must be an array of 1 to "
                                + std::to_string(chat_messages_max)
                                + " messages");
      return;
    }
    for (std::size_t i = 0; i < list->size(); ++i)
      read_message((*list)[i], "/messages/" + std::to_string(i));
    const auto asks = [](const chat_message& m) {
      return m.role == chat_role::user
             && m.text.find_first_not_of(" \t\r\n") != std::string::npos;
    };
    if (!in_.has_failed() && !content_
        && std::none_of(out_.messages.begin(), out_.messages.end(), asks))
      in_.fail("/messages", "must have a message of the user with text");
  }

  void read_message(const json::value& from, const std::string& pointer) {
    const auto* fields = in_.object(from, pointer);
    if (fields == nullptr)
      return;
    chat_message read;
    const auto* role = fields->if_contains("role");
    const auto name = role ? text_of(*role) : std::string_view{};
    const auto* known =
        std::find_if(role_names.begin(), role_names.end(),
                     [name](const auto& each) { return each.name == name; });
    if (known == role_names.end())
      in_.fail(pointer + "/role",
               "must be system, developer, user, assistant or tool");
    else
      read.role = known->role;
    // An assistant that called tools said nothing.
    if (const auto* content = set_member(*fields, "content"))
      read.text = read_content(*content, pointer + "/content");
    else if (read.role != chat_role::assistant)
      in_.fail(pointer + "/content", "is missing");
    out_.messages.push_back(std::move(read));
  }

  std::string read_content(const json::value& from,
                           const std::string& pointer) {
    if (from.is_string())
      return in_.text(from, pointer);
    const auto* parts = from.if_array();
    if (parts == nullptr) {
      in_.fail(pointer, "must be a string or an array of text parts");
      return {};
    }
    std::string out;
    for (std::size_t i = 0; i < parts->size(); ++i) {
      const auto at = pointer + "/" + std::to_string(i);
      const auto* part = in_.object((*parts)[i], at);
      if (part != nullptr)
        out += read_part(*part, at);
    }
    return out;
  }

  std::string read_part(const json::object& part, const std::string& pointer) {
    const auto* type = part.if_contains("type");
    const auto kind = type ? text_of(*type) : std::string_view{};
    if (kind == "text" || kind == "refusal") {
      const auto* text = part.if_contains(kind);
      if (text != nullptr)
        return in_.text(*text, pointer + "/" + std::string{kind});
      in_.fail(pointer + "/" + std::string{kind}, "is missing");
    } else if (kind.empty()) {
      in_.fail(pointer + "/type", "must be \"text\"");
    } else if (!content_) {
      content_ = unsupported("unsupported_content", pointer,
                             "is no text: only parts of the type text are "
                             "read");
    }
    return {};
  }

  json_body_reader in_;
  chat_request out_;
  /// The first part that is no text.
  std::optional<refusal> content_;
};

} // namespace

std::variant<chat_request, refusal> read_chat(std::string_view body) {
  auto read = read_json_object(body);
  if (auto* why = std::get_if<refusal>(&read))
    return std::move(*why);
  return chat_reader{}.read(std::get<json::object>(read));
}

} // namespace brigade::net::api
