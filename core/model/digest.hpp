/// The digest that recognises a request again.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace brigade::core {

/// SHA-256 of `data` as 64 lower-case hex digits. Thread-safe. Throws
/// `std::bad_alloc` when libcrypto cannot do its work, which it can unless
/// memory is exhausted: a wrong digest must never pass for a right one.
std::string sha256_hex(std::string_view data);

/// The 32 bytes of SHA-256 over all parts, one after the other. As above.
std::array<unsigned char, 32>
sha256(std::initializer_list<std::string_view> parts);

} // namespace brigade::core
