/// Writing JSON text by hand, where a request is composed once per call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace brigade::net::wire {

/// The length of the UTF-8 sequence that `text` begins with, or 0 when it
/// begins with none (overlong forms, surrogates and cut sequences included).
std::size_t utf8_sequence_bytes(std::string_view text);

/// Appends `text` escaped for the inside of a JSON string. Bytes that are not
/// UTF-8 become U+FFFD, so the result is always valid JSON.
void append_escaped(std::string& out, std::string_view text);

/// The same between quotes.
void append_string(std::string& out, std::string_view text);

} // namespace brigade::net::wire
