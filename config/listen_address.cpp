#include "brigade/config/serve_file.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <netinet/in.h>

namespace brigade::config {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (text.empty() || stop != end || error != std::errc{})
    return std::nullopt;
  return port;
}

std::optional<in6_addr> parse_v6(const std::string& text) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1)
    return std::nullopt;
  return address;
}

std::optional<in_addr> parse_v4(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1)
    return std::nullopt;
  return address;
}

} // namespace

std::optional<listen_address> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos
      || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port)
    return std::nullopt;
  std::string host{text.substr(0, colon)};
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (!parse_v6(host))
      return std::nullopt;
  } else if (host == "localhost") {
    host = "127.0.0.1";
  } else if (!parse_v4(host)) {
    return std::nullopt;
  }
  return listen_address{std::move(host), *port};
}

bool is_loopback(const listen_address& address) {
  if (const auto v4 = parse_v4(address.address))
    return (ntohl(v4->s_addr) >> 24) == 127;
  const auto v6 = parse_v6(address.address);
  if (!v6)
    return false;
  if (IN6_IS_ADDR_V4MAPPED(&*v6))
    return v6->s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&*v6);
}

std::string to_string(const listen_address& address) {
  const bool v6 = address.address.find(':') != std::string::npos;
  return (v6 ? '[' + address.address + ']' : address.address) + ':'
         + std::to_string(address.port);
}

} // namespace brigade::config
