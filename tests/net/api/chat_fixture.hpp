/// Chats with the API over a fake backend.
#pragma once

#include "api_fixture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace brigade::net::api::test {

inline std::string chat_text(const std::string& question,
                             const std::string& members = {}) {
  return R"({"model":"report","messages":[{"role":"user","content":")"
         + question + R"("}])" + (members.empty() ? "" : "," + members) + "}";
}

struct chat_fixture : api_fixture {
  fake_ptr chat(const std::string& body, std::vector<http_field> fields = {}) {
    return post("/v1/chat/completions", body, std::move(fields));
  }

  fake_ptr stream(const std::string& question,
                  const std::string& members = {}) {
    return chat(chat_text(
        question, R"("stream":true)" + (members.empty() ? "" : "," + members)));
  }

  /// The run that began last.
  core::run_id last_run() const {
    return core::run_id{runs.runs.rbegin()->first};
  }
};

/// The `data` of each frame; comments are left out.
inline std::vector<std::string> frames_in(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (auto end = text.find("\n\n"); end != std::string::npos;
       end = text.find("\n\n", begin)) {
    const auto frame = text.substr(begin, end - begin);
    if (frame.starts_with("data: "))
      out.push_back(frame.substr(6));
    begin = end + 2;
  }
  BOOST_TEST(begin == text.size());
  return out;
}

/// A stream as an SDK reads it.
struct read_stream {
  explicit read_stream(const std::string& text) {
    for (const auto& data : frames_in(text)) {
      if (data == "[DONE]") {
        is_done = true;
        continue;
      }
      BOOST_TEST(!is_done);
      const auto chunk = boost::json::parse(data);
      chunks.push_back(chunk);
      if (chunk.as_object().contains("error")) {
        error = chunk;
        continue;
      }
      BOOST_TEST(at(chunk, "/object") == "chat.completion.chunk");
      content += at(chunk, "/choices/0/delta/content");
      reasoning += at(chunk, "/choices/0/delta/reasoning_content");
      const auto why = at(chunk, "/choices/0/finish_reason");
      if (!why.empty() && why != "null")
        finish = why;
    }
  }

  std::vector<boost::json::value> chunks;
  std::string content;
  std::string reasoning;
  std::string finish;
  std::optional<boost::json::value> error;
  bool is_done = false;
};

} // namespace brigade::net::api::test
