#include "brigade/net/api/access.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace brigade::net::api {

namespace {

constexpr std::array<std::string_view, 3> loopback_names{"localhost",
                                                         "127.0.0.1", "[::1]"};

constexpr std::string_view bearer = "bearer ";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return lower(c); });
  return out;
}

/// Without the port and the dot at the end of a name.
std::string host_of(std::string_view field) {
  const auto bracket = field.rfind(']');
  const auto colon = field.rfind(':');
  if (colon != std::string_view::npos
      && (bracket == std::string_view::npos || colon > bracket))
    field = field.substr(0, colon);
  if (field.ends_with('.'))
    field.remove_suffix(1);
  return lower(field);
}

bool is_known_host(const access_rules& rules, std::string_view field) {
  const auto host = host_of(field);
  const auto is_host = [&host](const auto& name) { return name == host; };
  return std::any_of(loopback_names.begin(), loopback_names.end(), is_host)
         || std::any_of(rules.hosts.begin(), rules.hosts.end(), is_host);
}

/// What says nothing about runs, and what those ask who have no token: a
/// supervisor that knows the server by its address.
bool is_public(operation what) {
  return what == operation::livez || what == operation::readyz;
}

bool needs_token(operation what) {
  return !is_public(what) && what != operation::version
         && what != operation::openapi;
}

} // namespace

std::variant<std::string, refusal> check_access(const access_rules& rules,
                                                const http_request& head,
                                                operation what) {
  if (is_public(what))
    return std::string{};
  // Clients of HTTP/1.0 may leave it out; a browser never does.
  if (head.has("host") && !is_known_host(rules, head.field("host")))
    return refusal{421, "unknown_host",
                   "this server does not go by the name in the Host header; "
                   "add it to server.allowed_hosts"};
  if (head.has("origin") && !is_allowed_origin(rules, head))
    return refusal{403, "origin_not_allowed",
                   "pages of this origin may not use this server; add it to "
                   "server.allowed_origins"};
  if (!rules.client_of || !needs_token(what))
    return std::string{};
  const auto field = head.field("authorization");
  if (field.size() <= bearer.size()
      || lower(field.substr(0, bearer.size())) != bearer)
    return refusal{401, "token_missing",
                   "this needs a token: Authorization: Bearer TOKEN"};
  auto token = field.substr(bearer.size());
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  auto client = rules.client_of(token);
  if (!client)
    return refusal{401, "token_unknown", "this token is not known here"};
  return std::move(*client);
}

bool is_allowed_origin(const access_rules& rules, const http_request& head) {
  return std::find(rules.origins.begin(), rules.origins.end(),
                   head.field("origin"))
         != rules.origins.end();
}

std::optional<http_response> preflight_of(const access_rules& rules,
                                          const http_request& head) {
  if (head.method != "OPTIONS" || !head.has("origin")
      || !head.has("access-control-request-method")
      || !is_known_host(rules, head.field("host"))
      || !is_allowed_origin(rules, head))
    return std::nullopt;
  http_response out;
  out.status = 204;
  out.fields = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE"},
                {"Access-Control-Allow-Headers",
                 "Authorization, Content-Type, Idempotency-Key, If-None-Match, "
                 "Last-Event-ID, Prefer"},
                {"Access-Control-Max-Age", "600"}};
  allow_origin(out, head);
  return out;
}

void allow_origin(http_response& answer, const http_request& head) {
  answer.fields.push_back(
      {"Access-Control-Allow-Origin", std::string{head.field("origin")}});
  answer.fields.push_back({"Access-Control-Expose-Headers",
                           "ETag, Location, Retry-After, X-Run-Id"});
  answer.fields.push_back({"Vary", "Origin"});
}

} // namespace brigade::net::api
