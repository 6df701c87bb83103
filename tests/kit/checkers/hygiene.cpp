// H2: what must never be shown.

#include "brigade/testkit/checkers.hpp"

#include <string>

namespace brigade::testkit {

namespace {

constexpr std::size_t secret_bytes_min = 4;

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The digits of `secret` that do not depend on what stands before and behind
/// it, when it begins at byte `offset` of a group of three.
std::string base64_of(std::string_view secret, std::size_t offset) {
  std::string out;
  std::uint32_t bits = 0;
  std::size_t count = 0;
  // The first whole digit begins at a multiple of six bits.
  const std::size_t skip = offset == 0 ? 0 : offset == 1 ? 4 : 2;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    bits = (bits << 8) | static_cast<unsigned char>(secret[i]);
    count += 8;
    if (i == 0) {
      count -= skip;
      bits &= (1U << count) - 1;
    }
    while (count >= 6) {
      count -= 6;
      out += base64_digits[(bits >> count) & 63];
      bits &= (1U << count) - 1;
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Decodes `%41`; anything else stays.
std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

} // namespace

bool holds_secret(std::string_view text, std::string_view secret) {
  if (secret.size() < secret_bytes_min)
    return false;
  if (text.find(secret) != std::string_view::npos)
    return true;
  if (text.find('%') != std::string_view::npos
      && percent_decoded(text).find(secret) != std::string::npos)
    return true;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    auto digits = base64_of(secret, offset);
    if (text.find(digits) != std::string_view::npos)
      return true;
    for (auto& digit : digits)
      digit = digit == '+' ? '-' : digit == '/' ? '_' : digit;
    if (text.find(digits) != std::string_view::npos)
      return true;
  }
  return false;
}

} // namespace brigade::testkit
