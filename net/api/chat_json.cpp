#include "brigade/net/api/chat_json.hpp"

#include <boost/json.hpp>

#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

/// OpenAI's word for it.
std::string_view finish_text(core::finish_reason reason) {
  switch (reason) {
  case core::finish_reason::length:
    return "length";
  case core::finish_reason::refused:
    return "content_filter";
  case core::finish_reason::stop:
    break;
  }
  return "stop";
}

json::object usage_of(const core::usage& tokens) {
  return {{"prompt_tokens", tokens.input_tokens},
          {"completion_tokens", tokens.output_tokens},
          {"total_tokens", tokens.input_tokens + tokens.output_tokens},
          {"prompt_tokens_details",
           {{"cached_tokens", tokens.cached_input_tokens}}}};
}

json::object begin_of(const chat_head& head, std::string_view kind) {
  json::object out{{"id", head.id},
                   {"object", kind},
                   {"created", head.created_s},
                   {"model", head.model}};
  if (!head.run.empty())
    out.emplace("system_fingerprint", head.run);
  return out;
}

/// What OpenAI's answers do not have; nothing of a call without a run.
void add_run(json::object& to, const chat_head& head,
             const chat_figures& figures) {
  if (head.run.empty())
    return;
  json::object run{{"run_id", head.run},
                   {"status", core::to_string(figures.status)}};
  if (figures.cost)
    run.emplace("cost_usd", core::to_decimal(*figures.cost));
  to.emplace("brigade", std::move(run));
}

json::object chunk_of(const chat_head& head, bool usage, json::object delta,
                      json::value finish = nullptr) {
  auto out = begin_of(head, "chat.completion.chunk");
  out.emplace("choices",
              json::array{json::object{{"index", 0},
                                       {"delta", std::move(delta)},
                                       {"logprobs", nullptr},
                                       {"finish_reason", std::move(finish)}}});
  if (usage)
    out.emplace("usage", nullptr);
  return out;
}

std::string frame_of(const json::object& data) {
  return "data: " + json::serialize(data) + "\n\n";
}

} // namespace

std::string chat_completion(const chat_head& head, std::string_view text,
                            const chat_figures& figures) {
  auto out = begin_of(head, "chat.completion");
  out.emplace(
      "choices",
      json::array{json::object{
          {"index", 0},
          {"message",
           {{"role", "assistant"}, {"content", text}, {"refusal", nullptr}}},
          {"logprobs", nullptr},
          {"finish_reason", finish_text(figures.finish)}}});
  out.emplace("usage", usage_of(figures.tokens));
  add_run(out, head, figures);
  return json::serialize(out);
}

std::string chat_frames::role() const {
  return frame_of(
      chunk_of(head_, usage_, {{"role", "assistant"}, {"content", ""}}));
}

std::string chat_frames::reasoning(std::string_view line) const {
  return frame_of(chunk_of(head_, usage_, {{"reasoning_content", line}}));
}

std::string chat_frames::content(std::string_view piece) const {
  return frame_of(chunk_of(head_, usage_, {{"content", piece}}));
}

std::string chat_frames::end(const chat_figures& figures) const {
  auto last =
      chunk_of(head_, usage_, {}, json::value(finish_text(figures.finish)));
  add_run(last, head_, figures);
  auto out = frame_of(last);
  if (usage_) {
    auto usage = begin_of(head_, "chat.completion.chunk");
    usage.emplace("choices", json::array{});
    usage.emplace("usage", usage_of(figures.tokens));
    out += frame_of(usage);
  }
  return out + "data: [DONE]\n\n";
}

std::string chat_frames::error(const refusal& why) {
  return "data: " + openai_error_json(why) + "\n\n";
}

std::string_view chat_piece(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  // What is no UTF-8 is cut anywhere.
  return text.substr(0, end == 0 ? bytes_max : end);
}

} // namespace brigade::net::api
