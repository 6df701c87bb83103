#include "brigade/net/detail/chat_reader.hpp"
#include "brigade/net/wire/openai.hpp"

#include <utility>

namespace brigade::net::wire {

namespace {

using core::finish_reason;
using core::outcome_code;

std::optional<core::usage> usage_of(const chat_fields& fields) {
  if (!fields.has_usage || fields.usage_is_bad || !fields.prompt_tokens
      || !fields.completion_tokens
      || fields.cached_tokens > *fields.prompt_tokens)
    return std::nullopt;
  return core::usage{*fields.prompt_tokens, fields.cached_tokens,
                     *fields.completion_tokens};
}

finish_reason finish_of(const chat_fields& fields) {
  if (!fields.refusal.empty() || fields.finish == "content_filter")
    return finish_reason::refused;
  // Servers have more words for a regular end than the specification:
  // `tool_calls`, `function_call`, `eos`, `end_turn`, or none at all.
  return fields.finish == "length" ? finish_reason::length
                                   : finish_reason::stop;
}

/// The text of the answer; nothing when there is none and no reason for it.
std::optional<std::string> text_of(chat_fields& fields, finish_reason finish) {
  if (!fields.refusal.empty())
    return std::move(fields.refusal);
  // We ask for a tool only when its arguments are the answer; what stands
  // beside them is small talk.
  if (fields.arguments)
    return std::move(*fields.arguments);
  if (fields.content)
    return std::move(*fields.content);
  if (finish != finish_reason::stop)
    return std::string{};
  return std::nullopt;
}

core::outcome malformed(int status, const reply_headers& headers,
                        std::string_view what, const reply_context& context) {
  auto message = "provider " + std::string{context.provider} + " answered "
                 + std::to_string(status) + " with " + std::string{what};
  return make_outcome(outcome_code::reply_malformed, status, headers,
                      std::move(message), context);
}

core::outcome not_json(int status, const reply_headers& headers,
                       std::string_view body, const reply_context& context) {
  if (body.empty())
    return malformed(status, headers, "an empty body", context);
  if (looks_like_html(headers.content_type, body))
    return malformed(status, headers,
                     "a web page instead of JSON - check the base_url, which "
                     "must end before /chat/completions",
                     context);
  return malformed(status, headers,
                   "a body that is no whole JSON text: "
                       + clean_upstream(body, *context.secrets, 100),
                   context);
}

} // namespace

core::outcome decode_chat(int status, const reply_headers& headers,
                          std::string_view body, const reply_context& context) {
  chat_fields fields;
  auto is_json = read_chat(body, reply_depth_max, usage_tokens_max, fields);
  // What was read of a broken text is not used.
  if (!is_json)
    fields = {};
  auto is_success = status >= 200 && status < 300;
  if (!is_success || fields.has_error)
    return failed_outcome(
        status, headers,
        {fields.error_message, fields.error_type, fields.error_code}, body,
        context);
  if (!is_json)
    return not_json(status, headers, body, context);
  if (!fields.has_choice)
    return malformed(status, headers,
                     "JSON that is no chat completion (no choice in it)",
                     context);
  auto finish = finish_of(fields);
  auto text = text_of(fields, finish);
  if (!text)
    return malformed(status, headers, "a message without content", context);
  // A server that echoes our own key must not carry it into a report.
  mask_secrets(*text, *context.secrets);
  auto out = make_outcome(outcome_code::ok, status, headers, {}, context);
  out.reply.text = core::shared_text{std::move(*text)};
  out.reply.finish = finish;
  out.reply.usage = usage_of(fields);
  return out;
}

} // namespace brigade::net::wire
