#include "brigade/core/extractive/extractive.hpp"

#include "brigade/core/extractive/merge.hpp"
#include "brigade/core/extractive/planner.hpp"
#include "brigade/core/extractive/text.hpp"
#include "brigade/core/extractive/worker.hpp"
#include "brigade/core/model/prompt_blocks.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>

namespace brigade::core::extractive {

namespace {

namespace json = boost::json;

std::string_view name_of(speaker from) {
  switch (from) {
  case speaker::system:
    return "system";
  case speaker::assistant:
    return "assistant";
  case speaker::user:
    break;
  }
  return "user";
}

std::uint64_t tokens_of(std::size_t bytes) {
  return (bytes + bytes_per_token - 1) / bytes_per_token;
}

model_reply make_reply(std::string text, finish_reason finish,
                       std::size_t body_bytes) {
  model_reply result;
  result.finish = finish;
  result.usage = core::usage{tokens_of(body_bytes), 0, tokens_of(text.size())};
  result.text = shared_text{std::move(text)};
  return result;
}

std::string_view text_at(const json::object& o, std::string_view key) {
  auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string_view{v->get_string()}
                                        : std::string_view{};
}

/// The blocks of what the user says; instructions of the system and proposals
/// of the assistant hold none that count.
std::vector<prompt_block> blocks_of(const json::array& messages) {
  std::vector<prompt_block> result;
  for (auto& m : messages) {
    auto* o = m.if_object();
    if (o == nullptr || text_at(*o, "role") != "user")
      continue;
    auto blocks = parse_blocks(text_at(*o, "content"));
    std::move(blocks.begin(), blocks.end(), std::back_inserter(result));
  }
  return result;
}

std::size_t output_bytes_max(const json::object& o) {
  constexpr std::size_t otherwise = 65'536;
  auto* v = o.if_contains("output_tokens_max");
  if (v == nullptr || !v->is_number())
    return otherwise;
  json::error_code error;
  auto tokens = v->to_number<std::uint32_t>(error);
  return error || tokens == 0 ? otherwise : tokens * bytes_per_token;
}

model_reply answer_object(const json::object& o, std::size_t body_bytes) {
  auto role = parse_call_role(text_at(o, "role"));
  auto* messages = o.if_contains("messages");
  if (!role || messages == nullptr || !messages->is_array())
    return make_reply("The request has no known role or no messages.",
                      finish_reason::refused, body_bytes);
  auto blocks = blocks_of(messages->get_array());
  auto bytes_max = output_bytes_max(o);
  std::string text;
  switch (*role) {
  case call_role::planner:
    text = make_plan(blocks, bytes_max);
    break;
  case call_role::worker:
    text = do_subtask(blocks, bytes_max);
    break;
  case call_role::synthesizer:
    text = merge_results(blocks, bytes_max);
    break;
  }
  auto finish = finish_reason::stop;
  if (text.size() > bytes_max) {
    text = std::string{clip(text, bytes_max)};
    finish = finish_reason::length;
  }
  return make_reply(std::move(text), finish, body_bytes);
}

} // namespace

std::string encode(const model_request& request) {
  json::array messages;
  for (auto& m : request.messages)
    messages.push_back({{"role", name_of(m.from)}, {"content", m.content}});
  json::object body;
  body["model"] = request.model;
  body["role"] = to_string(request.role);
  body["output_tokens_max"] = request.output_tokens_max;
  body["schema"] = request.schema.has_value();
  body["messages"] = std::move(messages);
  return json::serialize(body);
}

model_reply answer(std::string_view body) noexcept {
  try {
    if (body.size() > body_bytes_max)
      return make_reply("The request is larger than 256 MiB.",
                        finish_reason::refused, 0);
    json::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object())
      return make_reply("The request is not a JSON object.",
                        finish_reason::refused, body.size());
    return answer_object(value.get_object(), body.size());
  } catch (const std::exception&) {
    // Only memory can run out here; the caller must not be taken along.
    model_reply result;
    result.finish = finish_reason::refused;
    return result;
  }
}

} // namespace brigade::core::extractive
