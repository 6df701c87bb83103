#include "brigade/net/api/refusal.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

constexpr std::int64_t ms_per_s = 1000;

std::string_view title_of(int status) {
  switch (status) {
  case 400:
    return "Bad request";
  case 401:
    return "Not authenticated";
  case 403:
    return "Not allowed";
  case 404:
    return "Not found";
  case 405:
    return "Method not allowed";
  case 406:
    return "Not acceptable";
  case 409:
    return "Conflict";
  case 413:
    return "Body too large";
  case 415:
    return "Media type not supported";
  case 421:
    return "Misdirected request";
  case 422:
    return "Not processable";
  case 429:
    return "Too many requests";
  case 503:
    return "Not available";
  default:
    return status < 500 ? "Refused" : "Internal error";
  }
}

/// How OpenAI sorts errors.
std::string_view openai_type_of(int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 429:
    return "rate_limit_error";
  default:
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}

/// Rounded up: whoever comes in time must not come too early.
void add_retry_after(http_response& to, std::int64_t wait_ms) {
  const auto wait = std::max<std::int64_t>(wait_ms, 1);
  to.fields.push_back(
      {"Retry-After", std::to_string((wait + ms_per_s - 1) / ms_per_s)});
  to.fields.push_back({"Retry-After-Ms", std::to_string(wait)});
}

} // namespace

http_response json_response(int status, std::string body) {
  http_response out;
  out.status = status;
  out.fields.push_back({"Content-Type", "application/json"});
  out.fields.push_back({"Cache-Control", "no-store"});
  out.body = std::move(body);
  return out;
}

http_response problem_of(const refusal& why) {
  json::object body{{"type", "about:blank"},
                    {"title", title_of(why.status)},
                    {"status", why.status},
                    {"detail", why.detail},
                    {"code", why.code}};
  if (!why.run.empty())
    body.emplace("run_id", why.run);
  if (!why.faults.empty()) {
    json::array errors;
    for (const auto& fault : why.faults)
      errors.push_back({{"detail", fault.message}, {"pointer", fault.pointer}});
    body.emplace("errors", std::move(errors));
  }
  http_response out;
  out.status = why.status;
  out.fields.push_back({"Content-Type", "application/problem+json"});
  out.fields.push_back({"Cache-Control", "no-store"});
  if (why.status == 401)
    out.fields.push_back({"WWW-Authenticate", "Bearer"});
  if (why.retry_after_ms)
    add_retry_after(out, *why.retry_after_ms);
  out.body = json::serialize(body);
  return out;
}

std::string openai_error_json(const refusal& why) {
  auto message = why.detail;
  for (const auto& fault : why.faults)
    message += "; " + core::to_string(fault);
  json::object error{{"message", message},
                     {"type", openai_type_of(why.status)},
                     {"param", nullptr},
                     {"code", why.code}};
  if (!why.faults.empty() && why.faults.front().pointer.size() > 1)
    error["param"] = why.faults.front().pointer.substr(1);
  return json::serialize(json::object{{"error", std::move(error)}});
}

http_response openai_error_of(const refusal& why, bool bought) {
  auto out = json_response(why.status, openai_error_json(why));
  if (why.status == 401)
    out.fields.push_back({"WWW-Authenticate", "Bearer"});
  if (!why.run.empty())
    out.fields.push_back({"X-Run-Id", why.run});
  if (bought)
    out.fields.push_back({"X-Should-Retry", "false"});
  else if (why.retry_after_ms)
    add_retry_after(out, *why.retry_after_ms);
  return out;
}

} // namespace brigade::net::api
