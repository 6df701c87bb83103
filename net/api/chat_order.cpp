#include "brigade/net/api/chat_order.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace brigade::net::api {

namespace {

/// Of each end of a message that is too long for a goal.
constexpr std::size_t end_bytes = 2 * 1024;

constexpr std::string_view white_space = " \t\r\n";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view beginning_of(std::string_view text) {
  auto end = end_bytes;
  while (end > 0 && is_continuation(text[end]))
    --end;
  return text.substr(0, end);
}

std::string_view ending_of(std::string_view text) {
  auto begin = text.size() - end_bytes;
  while (begin < text.size() && is_continuation(text[begin]))
    ++begin;
  return text.substr(begin);
}

/// The place of the user's last message that says something.
std::size_t question_in(const chat_request& chat) {
  auto at = chat.messages.size();
  while (at > 0) {
    const auto& message = chat.messages[--at];
    if (message.role == chat_role::user
        && message.text.find_first_not_of(white_space) != std::string::npos)
      return at;
  }
  return at;
}

std::string instructions_in(const chat_request& chat) {
  std::string out;
  for (const auto& message : chat.messages)
    if (message.role == chat_role::system && !message.text.empty()) {
      out += out.empty() ? "" : "\n\n";
      out += message.text;
    }
  return out;
}

std::string_view heading_of(chat_role role) {
  switch (role) {
  case chat_role::assistant:
    return "## Assistant\n\n";
  case chat_role::tool:
    return "## Tool\n\n";
  default:
    return "## User\n\n";
  }
}

/// What was said, but for the system's messages and the one at `without`.
std::string transcript_of(const chat_request& chat, std::size_t without) {
  std::string out;
  for (std::size_t i = 0; i < chat.messages.size(); ++i) {
    const auto& message = chat.messages[i];
    if (i == without || message.role == chat_role::system
        || message.text.empty())
      continue;
    out += out.empty() ? "" : "\n\n";
    out += heading_of(message.role);
    out += message.text;
  }
  return out;
}

} // namespace

job_order order_of(const chat_request& chat, const std::string& crew) {
  job_order out;
  out.crew = crew;
  out.cost_max = chat.cost_max;
  const auto at = question_in(chat);
  const auto& question = chat.messages[at].text;
  if (question.size() <= chat_goal_bytes_max) {
    out.goal = question;
  } else {
    out.goal += beginning_of(question);
    out.goal += "\n\n[...]\n\n";
    out.goal += ending_of(question);
    out.goal += "\n\n(This is a long message. All of it is the document ";
    out.goal += std::string{chat_message_name} + ".)";
    out.inputs.push_back({chat_message_name, question});
  }
  auto said = transcript_of(chat, at);
  if (!said.empty()) {
    out.goal += "\n\n(What was said in this conversation before is the "
                "document ";
    out.goal += std::string{chat_conversation_name} + ".)";
    out.inputs.push_back({chat_conversation_name, std::move(said)});
  }
  auto instructions = instructions_in(chat);
  if (instructions.size() > chat_instructions_bytes_max) {
    out.goal += "\n\n(Follow the instructions in the document ";
    out.goal += std::string{chat_instructions_name} + ".)";
    out.inputs.push_back({chat_instructions_name, std::move(instructions)});
  } else if (!instructions.empty()) {
    out.goal += "\n\nInstructions for the answer:\n" + instructions;
  }
  return out;
}

direct_call call_of(const chat_request& chat, const std::string& crew) {
  direct_call out{crew, instructions_in(chat), {}};
  const auto at = question_in(chat);
  const bool alone = std::all_of(
      chat.messages.begin(), chat.messages.end(), [&](const auto& message) {
        return message.role == chat_role::system
               || &message == &chat.messages[at] || message.text.empty();
      });
  out.prompt = alone ? chat.messages[at].text
                     : transcript_of(chat, chat.messages.size());
  return out;
}

bool is_side_request(const chat_request& chat, const http_request& head) {
  // A chat's own message has the field too, empty, or as the template that it
  // is when the program does not know it.
  const auto task = head.field("x-openwebui-task");
  if (!task.empty() && !task.starts_with("{{"))
    return true;
  constexpr std::string_view mark = "### Task:";
  // Open WebUI puts this before a user's question when documents come with it.
  constexpr std::string_view with_documents =
      "Respond to the user query using the provided context";
  std::string_view text = chat.messages[question_in(chat)].text;
  text.remove_prefix(
      std::min(text.find_first_not_of(white_space), text.size()));
  if (!text.starts_with(mark))
    return false;
  text.remove_prefix(mark.size());
  text.remove_prefix(
      std::min(text.find_first_not_of(white_space), text.size()));
  return !text.starts_with(with_documents);
}

} // namespace brigade::net::api
