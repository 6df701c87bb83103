/// Why a request is not done, in both forms in which clients want to read it.
#pragma once

#include "brigade/core/json/read_fault.hpp"
#include "brigade/net/http_server.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brigade::net::api {

/// What a client is told when its request is refused. Holds nothing of what an
/// upstream server said.
struct refusal {
  /// 400 to 599.
  int status = 500;
  /// Stable, for programs: `not_found`, `queue_full`.
  std::string code;
  /// One sentence or two for people: what is wrong and what to do.
  std::string detail;
  /// All that is wrong with the body, each with its place.
  std::vector<core::read_fault> faults{};
  /// When to try again; nothing: that would not help.
  std::optional<std::int64_t> retry_after_ms{};
  /// The run that it is about, or empty.
  std::string run{};
};

/// RFC 9457 `application/problem+json`, for the job API: `type`, `title`,
/// `status`, `detail`, `code`, and `errors` with JSON Pointers.
http_response problem_of(const refusal& why);

/// `{"error":{message,type,param,code}}` as OpenAI's clients read it.
std::string openai_error_json(const refusal& why);

/// The answer with it.
/// `bought`: money was set aside for the request, so that a client that tries
/// again by itself would pay again: it is told not to.
http_response openai_error_of(const refusal& why, bool bought = false);

/// A whole answer with a JSON body.
http_response json_response(int status, std::string body);

} // namespace brigade::net::api
