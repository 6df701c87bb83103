/// Where a provider is reached: its base URL, taken apart and checked.
#pragma once

#include "brigade/net/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brigade::net {

/// The longest base URL that is read.
inline constexpr std::size_t base_url_bytes_max = 2048;

struct endpoint {
  bool tls = false;
  /// A name or an address; an IPv6 address stands without brackets.
  std::string host;
  std::uint16_t port = 0;
  /// The path without a trailing slash: `/v1`, or empty.
  std::string path_prefix;
  /// Whether `host` is an address and needs no name resolution.
  bool host_is_address = false;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Reads a base URL such as `https://api.openai.com/v1`. Refused, with a
/// sentence that says why: schemes other than http and https, a user or a
/// password, a query, a fragment, and plain http to another machine, because
/// the key would cross the network unprotected. Plain http is allowed to
/// `localhost`, 127.0.0.0/8 and ::1.
result<endpoint> parse_endpoint(std::string_view base_url);

/// Whether a host is this machine by its spelling alone; resolves nothing.
bool is_loopback_host(std::string_view host);

/// The value of the `Host` header: the port only when it is not the scheme's.
std::string host_header(const endpoint& target);

/// `host:port` for messages.
std::string to_string(const endpoint& target);

} // namespace brigade::net
