#include "brigade/net/classify.hpp"

#include "brigade/net/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace brigade::net {

namespace {

using core::outcome_code;

constexpr std::size_t request_id_bytes_max = 128;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether `text` holds `part`, which is in lower case, in any case.
bool holds(std::string_view text, std::string_view part) {
  auto at = std::search(text.begin(), text.end(), part.begin(), part.end(),
                        [](char lhs, char rhs) { return lower(lhs) == rhs; });
  return at != text.end();
}

bool names(const provider_error& error, std::string_view part) {
  return holds(error.code, part) || holds(error.type, part);
}

/// The account is empty or blocked: no retry helps.
bool is_quota_exhausted(const provider_error& error) {
  return names(error, "insufficient_quota") || names(error, "billing")
         || names(error, "credit");
}

/// An error in an answer that says it is a success.
outcome_code classify_error_object(const provider_error& error) {
  auto status = 0;
  auto end = error.code.data() + error.code.size();
  auto [at, ec] = std::from_chars(error.code.data(), end, status);
  if (ec == std::errc{} && at == end && status >= 300 && status <= 599)
    return classify(status, error);
  if (is_quota_exhausted(error))
    return outcome_code::quota_exhausted;
  if (names(error, "rate_limit"))
    return outcome_code::rate_limited;
  if (names(error, "overloaded"))
    return outcome_code::overloaded;
  if (names(error, "api_key") || names(error, "authentication")
      || names(error, "permission"))
    return outcome_code::unauthorized;
  if (names(error, "not_found"))
    return outcome_code::not_found;
  if (names(error, "invalid_request") || names(error, "context_length"))
    return outcome_code::bad_request;
  return outcome_code::server_error;
}

/// What the user can do about it.
std::string advice(outcome_code code, int status, std::string_view provider) {
  auto of_provider = " of provider " + std::string{provider};
  switch (code) {
  case outcome_code::unauthorized:
    return "check the api_key" + of_provider + " and what it is allowed to use";
  case outcome_code::not_found:
    return "check the model's name and the base_url" + of_provider;
  case outcome_code::quota_exhausted:
    return "add credit to the account or raise its limit";
  case outcome_code::rate_limited:
    return "wait, or lower parallel_max";
  case outcome_code::request_too_large:
    return "give smaller inputs or a model with a larger window";
  case outcome_code::overloaded:
  case outcome_code::server_error:
    return "try again later";
  case outcome_code::bad_request:
    if (status >= 300 && status < 400)
      return "redirects are not followed, because they would carry the key to "
             "another place; set base_url"
             + of_provider + " to the final address";
    return "check the settings of the model and of provider "
           + std::string{provider};
  default:
    return "check the base_url" + of_provider;
  }
}

/// `500 (Internal...)`: what the server itself said, if anything.
std::string own_words(const reply_headers& headers, const provider_error& error,
                      std::string_view body, const secret_list& secrets) {
  if (!error.message.empty())
    return clean_upstream(error.message, secrets);
  if (looks_like_html(headers.content_type, body))
    return "a web page instead of JSON";
  auto name = error.code.empty() ? error.type : error.code;
  return clean_upstream(name.empty() ? body : name, secrets);
}

} // namespace

core::outcome_code classify(int status, const provider_error& error) {
  switch (status) {
  case 401:
  case 403:
    return outcome_code::unauthorized;
  case 402:
    return outcome_code::quota_exhausted;
  case 404:
    return outcome_code::not_found;
  case 413:
    return outcome_code::request_too_large;
  case 429:
    return is_quota_exhausted(error) ? outcome_code::quota_exhausted
                                     : outcome_code::rate_limited;
  case 503:
  case 529:
    return outcome_code::overloaded;
  // Not of our making: the server gave up waiting or was busy with a
  // conflicting request. The vendors' own clients retry these too.
  case 408:
  case 409:
  case 425:
    return outcome_code::server_error;
  default:
    break;
  }
  if (status >= 200 && status < 300)
    return classify_error_object(error);
  if (status >= 300 && status < 500)
    return outcome_code::bad_request;
  if (status >= 500 && status < 600)
    return outcome_code::server_error;
  return outcome_code::reply_malformed;
}

core::outcome make_outcome(core::outcome_code code, int status,
                           const reply_headers& headers, std::string message,
                           const reply_context& context) {
  core::outcome out;
  out.code = code;
  out.http_status = status;
  out.message = std::move(message);
  if (!headers.retry_after_ms.empty() || !headers.retry_after.empty())
    out.retry_after_ms = parse_retry_after(
        headers.retry_after_ms, headers.retry_after, context.now_unix_s);
  if (headers.should_retry == "true")
    out.should_retry = true;
  else if (headers.should_retry == "false")
    out.should_retry = false;
  if (!headers.request_id.empty())
    out.request_id = clean_upstream(headers.request_id, *context.secrets,
                                    request_id_bytes_max);
  return out;
}

core::outcome failed_outcome(int status, const reply_headers& headers,
                             const provider_error& error, std::string_view body,
                             const reply_context& context) {
  auto code = classify(status, error);
  auto message = "provider " + std::string{context.provider} + " answered "
                 + std::to_string(status);
  auto words = own_words(headers, error, body, *context.secrets);
  if (!words.empty())
    message += ": " + words;
  message += " - " + advice(code, status, context.provider);
  return make_outcome(code, status, headers, std::move(message), context);
}

bool looks_like_html(std::string_view content_type, std::string_view body) {
  if (holds(content_type, "text/html"))
    return true;
  auto start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos)
    return false;
  auto head = body.substr(start, 16);
  return holds(head, "<!doctype") || holds(head, "<html");
}

} // namespace brigade::net
