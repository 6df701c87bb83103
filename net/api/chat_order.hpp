/// From a chat to what is to be done: a run, or one call. Pure.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/net/api/chat_body.hpp"
#include "brigade/net/http_server.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::net::api {

/// A user's message up to this size is the goal as it is. Of a larger one the
/// goal shows both ends, and the whole is a document.
inline constexpr std::size_t chat_goal_bytes_max = 16 * 1024;

/// Instructions up to this size stand in the goal; larger ones are a document.
inline constexpr std::size_t chat_instructions_bytes_max = 8 * 1024;

/// The names of the documents that a chat becomes.
inline constexpr const char* chat_message_name = "message.md";
inline constexpr const char* chat_conversation_name = "conversation.md";
inline constexpr const char* chat_instructions_name = "instructions.md";

/// The run that answers the chat.
///
/// The user's last message is the goal. What the system says comes behind it,
/// where planner and synthesizer see it: it mostly says how to answer. The
/// other messages are a document, which the planner hands to the subtasks that
/// need it: no earlier answer can pass for an instruction.
job_order order_of(const chat_request& chat, const std::string& crew);

/// The call that answers the chat without a run.
direct_call call_of(const chat_request& chat, const std::string& crew);

/// Whether a chat program asks for itself (a title, tags, follow-ups), which is
/// not worth a run: `X-OpenWebUI-Task` says so, or the last message begins as
/// such prompts do.
bool is_side_request(const chat_request& chat, const http_request& head);

} // namespace brigade::net::api
