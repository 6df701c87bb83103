/// What a chat's client is answered: JSON texts and stream frames. Pure.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/net/api/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net::api {

/// What all parts of one answer say.
struct chat_head {
  /// `chatcmpl-...`.
  std::string id;
  /// Unix time in s.
  std::int64_t created_s = 0;
  /// As the client named it.
  std::string model;
  /// Empty: there is none.
  std::string run;
};

/// What is told at the end.
struct chat_figures {
  core::usage tokens;
  /// Not known of a call without a run.
  std::optional<core::pico_usd> cost;
  core::run_status status = core::run_status::succeeded;
  core::finish_reason finish = core::finish_reason::stop;
};

/// The whole answer of a request that does not stream.
std::string chat_completion(const chat_head& head, std::string_view text,
                            const chat_figures& figures);

/// The frames of a stream, in the order in which they come. With `usage` each
/// but the one with the usage says that it has none, as OpenAI's do.
class chat_frames {
public:
  chat_frames(chat_head head, bool usage)
      : head_(std::move(head)), usage_(usage) {
    // nop
  }

  /// The first one.
  std::string role() const;
  /// A line of progress.
  std::string reasoning(std::string_view line) const;
  /// A piece of the answer: whole characters.
  std::string content(std::string_view piece) const;
  /// The last choice, the usage if it is wanted, and `[DONE]`.
  std::string end(const chat_figures& figures) const;

  /// Ends a stream whose answer does not come.
  static std::string error(const refusal& why);

private:
  chat_head head_;
  bool usage_;
};

/// The beginning of `text` up to `bytes_max` that ends between characters.
std::string_view chat_piece(std::string_view text, std::size_t bytes_max);

} // namespace brigade::net::api
