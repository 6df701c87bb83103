/// The body of `POST /v1/chat/completions`. Pure.
#pragma once

#include "brigade/core/money/money.hpp"
#include "brigade/net/api/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::net::api {

/// Of one body.
inline constexpr std::size_t chat_messages_max = 10'000;

enum class chat_role : std::uint8_t {
  /// `developer` is another name of it.
  system,
  user,
  assistant,
  /// `function` is an older name of it.
  tool,
};

struct chat_message {
  chat_role role = chat_role::user;
  /// All its text parts, one after the other.
  std::string text;
};

struct chat_request {
  std::string model;
  /// At least one of them is a user's and has text.
  std::vector<chat_message> messages;
  bool stream = false;
  bool include_usage = false;
  /// `metadata.max_cost_usd`.
  std::optional<core::pico_usd> cost_max;
};

/// Reads what OpenAI's clients send.
///
/// Members that only tune a model (`temperature`, `top_p`, `seed`, `stop`,
/// `max_tokens`, `max_completion_tokens`, ...) and members that are not known
/// are ignored: chat programs send them always, and the crew decides. What the
/// client would miss in the answer is refused with 400: more than one choice,
/// tools and another form than text (`unsupported_parameter`), images, sound
/// and files (`unsupported_content`). All other faults are told together
/// (`invalid_body`).
std::variant<chat_request, refusal> read_chat(std::string_view body);

} // namespace brigade::net::api
