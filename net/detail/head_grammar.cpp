#include "brigade/net/detail/head_grammar.hpp"

#include <algorithm>
#include <charconv>

namespace brigade::net::detail {

namespace {

// The functions of <cctype> ask the locale.

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Below 10^18, so that sums do not overflow either.
constexpr std::size_t length_digits_max = 18;

constexpr std::size_t chunk_digits_max = 8;

constexpr std::size_t port_digits_max = 5;

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  auto [rest, ec] = std::from_chars(text.data(), end, value, base);
  if (ec != std::errc{} || rest != end)
    return std::nullopt;
  return value;
}

} // namespace

bool is_token_char(char c) {
  return is_alphanumeric(c)
         || (c != '\0'
             && std::string_view{"!#$%&'*+-.^_`|~"}.find(c)
                    != std::string_view::npos);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (is_upper(c))
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_http_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5])
         && text[6] == '.' && is_digit(text[7]);
}

bool is_origin_form(std::string_view target) {
  return target.starts_with('/')
         && std::all_of(target.begin(), target.end(),
                        [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
}

bool is_host(std::string_view text) {
  auto name_end = text.find(':');
  if (text.starts_with('[')) {
    auto bracket = text.find(']');
    if (bracket == std::string_view::npos)
      return false;
    auto address = text.substr(1, bracket - 1);
    if (address.empty()
        || !std::all_of(address.begin(), address.end(), [](char c) {
             return is_hex(c) || c == ':' || c == '.';
           }))
      return false;
    name_end =
        bracket + 1 == text.size() ? std::string_view::npos : bracket + 1;
    if (name_end != std::string_view::npos && text[name_end] != ':')
      return false;
  } else {
    auto name = text.substr(0, name_end);
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
          return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
        }))
      return false;
  }
  if (name_end == std::string_view::npos)
    return true;
  auto port = text.substr(name_end + 1);
  return !port.empty() && port.size() <= port_digits_max
         && std::all_of(port.begin(), port.end(), is_digit);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > length_digits_max)
    return std::nullopt;
  return parse_number(text, 10);
}

std::optional<std::uint64_t> parse_chunk_size(std::string_view text) {
  if (text.empty() || text.size() > chunk_digits_max)
    return std::nullopt;
  return parse_number(text, 16);
}

namespace {

/// Calls `visit` with what stands between commas until it returns true; whether
/// it did.
template <class F>
bool any_item(std::string_view list, F visit) {
  for (;;) {
    const auto comma = list.find(',');
    if (visit(trimmed(list.substr(0, comma))))
      return true;
    if (comma == std::string_view::npos)
      return false;
    list.remove_prefix(comma + 1);
  }
}

} // namespace

bool is_token_list(std::string_view list) {
  return !any_item(list, [](auto item) { return !is_token(item); });
}

bool has_item(std::string_view list, std::string_view item) {
  return any_item(list, [item](auto found) { return lower(found) == item; });
}

} // namespace brigade::net::detail
