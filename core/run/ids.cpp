#include "brigade/core/run/ids.hpp"

#include "brigade/core/model/digest.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

/// Crockford's base32: without I, L, O and U.
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

constexpr std::size_t time_chars = 10;
constexpr std::size_t random_chars = 16;
constexpr std::size_t id_chars = time_chars + random_chars;

/// The time part has 48 bits.
constexpr std::int64_t unix_ms_max = (std::int64_t{1} << 48) - 1;

} // namespace

run_id make_run_id(std::int64_t unix_ms,
                   const std::array<std::uint8_t, 10>& random) {
  std::string text(id_chars, '0');
  auto time = static_cast<std::uint64_t>(
      std::clamp(unix_ms, std::int64_t{0}, unix_ms_max));
  for (auto i = time_chars; i-- > 0; time >>= 5)
    text[i] = alphabet[time & 31];
  // Five bytes are exactly eight characters.
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i)
      bits = bits << 8 | random[half * 5 + i];
    for (auto i = time_chars + (half + 1) * 8; i-- > time_chars + half * 8;
         bits >>= 5)
      text[i] = alphabet[bits & 31];
  }
  return {std::move(text)};
}

bool is_run_id(std::string_view text) {
  // A first character above 7 would be more than 128 bits.
  return text.size() == id_chars && text.front() <= '7'
         && text.find_first_not_of(alphabet) == std::string_view::npos;
}

std::string to_string(const call_key& key) {
  auto result = key.path;
  result += '#';
  result += std::to_string(key.generation);
  result += '.';
  result += std::to_string(key.step);
  return result;
}

run_id nested_run_id(const run_id& parent, const call_key& key,
                     std::uint32_t try_no) {
  const auto digest = sha256_hex(parent.text + '/' + to_string(key) + '/'
                                 + std::to_string(try_no));
  const auto half_byte = [&digest](std::size_t i) {
    const auto c = digest[i];
    return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] =
        static_cast<std::uint8_t>(half_byte(2 * i) << 4 | half_byte(2 * i + 1));
  auto result = make_run_id(0, bytes);
  result.text.replace(0, time_chars, parent.text, 0, time_chars);
  return result;
}

} // namespace brigade::core
