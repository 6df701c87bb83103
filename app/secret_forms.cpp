#include "brigade/app/secret_forms.hpp"

#include <string>
#include <string_view>

namespace brigade::app {

namespace {

constexpr std::string_view capitals = "0123456789ABCDEF";
constexpr std::string_view smalls = "0123456789abcdef";

constexpr std::string_view base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// All but RFC 3986's unreserved characters.
std::string percent(std::string_view text, std::string_view digits) {
  std::string result;
  result.reserve(3 * text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || std::string_view{"-._~"}.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

/// The characters of base64 that depend on nothing but `text`, when it begins
/// `offset` bytes into a group of three.
std::string middle(std::string_view text, std::size_t offset,
                   std::string_view alphabet) {
  std::string result;
  result.reserve(text.size() * 4 / 3 + 2);
  const auto bit = [text](std::size_t i) {
    return (static_cast<unsigned char>(text[i / 8]) >> (7 - i % 8)) & 1U;
  };
  // Groups of six bits count from the beginning of the group of three.
  const std::size_t first = (6 - offset * 8 % 6) % 6;
  for (std::size_t at = first; at + 6 <= text.size() * 8; at += 6) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 6; ++i)
      value = value << 1U | bit(at + i);
    result += alphabet[value];
  }
  return result;
}

} // namespace

net::secret_list secret_forms(const net::secret_list& secrets) {
  net::secret_list result;
  const auto add = [&result](std::string form, std::string_view plain) {
    if (form.size() >= net::masked_secret_bytes_min && form != plain)
      result.emplace_back(std::move(form));
    else
      core::wipe(form);
  };
  for (const auto& secret : secrets) {
    const auto plain = secret.reveal();
    if (plain.size() < net::masked_secret_bytes_min)
      continue;
    result.push_back(secret);
    auto capital = percent(plain, capitals);
    const bool escaped = capital != plain;
    add(std::move(capital), plain);
    if (escaped)
      add(percent(plain, smalls), plain);
    for (std::size_t offset = 0; offset < 3; ++offset) {
      auto standard = middle(plain, offset, base64);
      auto url = middle(plain, offset, base64url);
      if (url != standard)
        add(std::move(url), plain);
      core::wipe(url);
      add(std::move(standard), plain);
    }
  }
  return result;
}

} // namespace brigade::app
