/// The wire format of OpenAI Chat Completions, not streamed. Bytes in, values
/// out; no socket, no clock.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/model.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/net/classify.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net::wire {

/// A reply may nest this deep.
inline constexpr std::size_t reply_depth_max = 32;

/// A usage above this is taken for nonsense.
inline constexpr std::uint64_t usage_tokens_max = 1'000'000'000;

/// The body of a request. Pure; always valid JSON as long as the schema and
/// `extra_body` are (see `check_quirks`).
std::string encode_chat(const core::model_request& request,
                        const core::model_spec& model);

/// What is wrong with a model's quirks, or nothing. `extra_body` must be an
/// object and must not set members that Brigade sets itself or that change
/// what a call can cost (`n`, another output limit) or how it is answered
/// (`stream`).
std::optional<std::string> check_quirks(const core::wire_quirks& quirks);

/// Reads a complete HTTP answer.
///
/// `ok` needs a status of 2xx and one whole JSON object with a choice that
/// holds a text, the arguments of a tool call, a refusal, or an empty content
/// that the finish reason explains (`length`, `content_filter`). A missing or
/// impossible usage (no integer, negative, above `usage_tokens_max`, more
/// cached than read) leaves the reply's usage empty and the reply `ok`.
core::outcome decode_chat(int status, const reply_headers& headers,
                          std::string_view body, const reply_context& context);

} // namespace brigade::net::wire
