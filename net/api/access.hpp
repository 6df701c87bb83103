/// Who may ask: tokens, and what protects a server on the loopback address from
/// web pages (DNS rebinding, requests across origins).
#pragma once

#include "brigade/net/api/refusal.hpp"
#include "brigade/net/api/route.hpp"
#include "brigade/net/http_server.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::net::api {

struct access_rules {
  /// The client whose token this is, in constant time. Unset: no token is
  /// needed, everybody is the client with the empty name.
  std::function<std::optional<std::string>(std::string_view token)> client_of;
  /// What `Host` may name besides this machine's loopback names: lower case,
  /// without a port.
  std::vector<std::string> hosts;
  /// What `Origin` may be, exactly: `https://chat.example.org`. Others are
  /// refused, whatever they ask for.
  std::vector<std::string> origins;
};

/// The name of the client, or why it is refused. Who asks for the health of the
/// server needs no token.
std::variant<std::string, refusal> check_access(const access_rules& rules,
                                                const http_request& head,
                                                operation what);

/// Whether pages of the request's origin may read answers.
bool is_allowed_origin(const access_rules& rules, const http_request& head);

/// The answer to a browser's question whether a page may ask; nothing when it
/// is no such question, or the page may not.
std::optional<http_response> preflight_of(const access_rules& rules,
                                          const http_request& head);

/// Tells the browser that the page may read this answer.
void allow_origin(http_response& answer, const http_request& head);

} // namespace brigade::net::api
