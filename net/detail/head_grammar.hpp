/// The words that the head of an HTTP message is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::net::detail {

/// Of method and field names (RFC 9110, 5.6.2).
bool is_token_char(char c);

/// Not empty.
bool is_token(std::string_view text);

/// Below 0x20, or 0x7f; the tab too.
bool is_control(char c);

/// ASCII letters only.
std::string lower(std::string_view text);

/// Without spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// `HTTP/1.1`, whatever the digits.
bool is_http_version(std::string_view text);

/// A path, perhaps with a query, of visible ASCII and without fragment.
bool is_origin_form(std::string_view target);

/// A name, an IPv4 address or an IPv6 address in brackets, perhaps with a port.
bool is_host(std::string_view text);

/// Digits only, at most 18 of them.
std::optional<std::uint64_t> parse_length(std::string_view text);

/// 1 to 8 hexadecimal digits.
std::optional<std::uint64_t> parse_chunk_size(std::string_view text);

/// Whether all between commas is a token.
bool is_token_list(std::string_view list);

/// Whether a list of items between commas holds `item` (lower case).
bool has_item(std::string_view list, std::string_view item);

} // namespace brigade::net::detail
