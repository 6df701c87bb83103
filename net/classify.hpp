/// What an HTTP answer of a provider means: its class, its hints for a retry
/// and a message for people.
#pragma once

#include "brigade/core/model/outcome.hpp"
#include "brigade/net/upstream_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace brigade::net {

/// The headers of an answer that mean something to us; empty when absent.
/// Views into the answer.
struct reply_headers {
  std::string_view content_type = {};
  std::string_view retry_after_ms = {};
  std::string_view retry_after = {};
  std::string_view should_retry = {};
  std::string_view request_id = {};
};

/// The `error` object of an answer; views or empty.
struct provider_error {
  std::string_view message = {};
  std::string_view type = {};
  std::string_view code = {};
};

/// What an answer is read with.
struct reply_context {
  /// The provider's name in the crew, for messages.
  std::string_view provider;
  /// Masked wherever they occur in what the server sent.
  const secret_list* secrets = nullptr;
  /// For HTTP dates; seconds since 1970.
  std::int64_t now_unix_s = 0;
};

/// The class of an answer that is no success. For a status of 2xx, which some
/// servers send with an error in it, code and type of the error decide.
core::outcome_code classify(int status, const provider_error& error);

/// The outcome of an answer that is no success. `body` is shown in part when
/// it holds no readable error.
core::outcome failed_outcome(int status, const reply_headers& headers,
                             const provider_error& error, std::string_view body,
                             const reply_context& context);

/// An outcome with the status and the hints of the headers, and `message`.
core::outcome make_outcome(core::outcome_code code, int status,
                           const reply_headers& headers, std::string message,
                           const reply_context& context);

/// Whether a body looks like a web page.
bool looks_like_html(std::string_view content_type, std::string_view body);

} // namespace brigade::net
