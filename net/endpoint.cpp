#include "brigade/net/endpoint.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace brigade::net {

namespace {

namespace urls = boost::urls;

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

net_error refuse(std::string_view why) {
  // The URL itself may hold a password, so it is not repeated.
  return {"base_url " + std::string{why}};
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// A registered name as DNS knows it; international names are to be given in
/// their ASCII form.
bool is_plain_name(std::string_view host) {
  // RFC 1035: a name has at most 253 characters.
  if (host.empty() || host.size() > 253)
    return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.' || c == '_';
  });
}

result<std::uint16_t> port_of(const urls::url_view& url, bool tls) {
  if (!url.has_port() || url.port().empty())
    return tls ? https_port : http_port;
  // Zero for a port that does not fit.
  auto port = url.port_number();
  if (port == 0)
    return refuse("has a port that is not between 1 and 65535");
  return port;
}

/// Fills in host and kind; empty `host` when the URL names none.
void read_host(const urls::url_view& url, endpoint& out) {
  switch (url.host_type()) {
  case urls::host_type::ipv4:
    out.host = url.host_ipv4_address().to_string();
    out.host_is_address = true;
    break;
  case urls::host_type::ipv6:
    out.host = url.host_ipv6_address().to_string();
    out.host_is_address = true;
    break;
  case urls::host_type::name:
    out.host = lower(std::string{url.host_address()});
    break;
  default:
    break;
  }
}

/// The path as it stands, without trailing slashes.
std::string path_of(const urls::url_view& url) {
  auto encoded = url.encoded_path();
  std::string path{encoded.data(), encoded.size()};
  while (!path.empty() && path.back() == '/')
    path.pop_back();
  return path;
}

} // namespace

bool is_loopback_host(std::string_view host) {
  if (host == "localhost")
    return true;
  if (auto v4 = urls::parse_ipv4_address(host))
    return v4->is_loopback();
  if (auto v6 = urls::parse_ipv6_address(host))
    return v6->is_loopback();
  return false;
}

result<endpoint> parse_endpoint(std::string_view base_url) {
  if (base_url.empty())
    return refuse("is empty; give one such as https://api.openai.com/v1");
  if (base_url.size() > base_url_bytes_max)
    return refuse("is longer than 2048 bytes");
  auto parsed = urls::parse_absolute_uri(base_url);
  if (!parsed) {
    // A fragment is not part of an absolute URI; everything else is spelling.
    if (base_url.find('#') != std::string_view::npos)
      return refuse("has a fragment (#...); remove it");
    return refuse("is not a URL; give one such as https://api.openai.com/v1");
  }
  auto url = *parsed;
  endpoint out;
  if (url.scheme_id() == urls::scheme::https)
    out.tls = true;
  else if (url.scheme_id() != urls::scheme::http)
    return refuse("has an unknown scheme; use https:// or http://");
  if (url.has_userinfo())
    return refuse("holds a user name or a password; remove it and use api_key");
  if (url.has_query())
    return refuse("has a query (?...); remove it");
  read_host(url, out);
  if (out.host.empty())
    return refuse("names no host");
  if (!out.host_is_address && !is_plain_name(out.host))
    return refuse("has a host name that is not a DNS name");
  auto port = port_of(url, out.tls);
  if (!port)
    return net_error{port.error()};
  out.port = *port;
  out.path_prefix = path_of(url);
  // Boost.URL 1.81 reads `127.0.0.1.example` as an address with a path.
  if (!out.path_prefix.empty() && out.path_prefix.front() != '/')
    return refuse("is not a URL: its host is neither a name nor an address");
  if (!out.tls && !is_loopback_host(out.host))
    return refuse("uses plain http to another machine, which would show the "
                  "key to the network; use https:// (http:// is allowed to "
                  "127.0.0.1, ::1 and localhost only)");
  return out;
}

std::string host_header(const endpoint& target) {
  auto text = target.host.find(':') == std::string::npos
                  ? target.host
                  : "[" + target.host + "]";
  if (target.port != (target.tls ? https_port : http_port))
    text += ":" + std::to_string(target.port);
  return text;
}

std::string to_string(const endpoint& target) {
  auto text = target.host.find(':') == std::string::npos
                  ? target.host
                  : "[" + target.host + "]";
  return text + ":" + std::to_string(target.port);
}

} // namespace brigade::net
