#include "brigade/core/run/input.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <limits>

namespace brigade::core {

namespace {

/// Longest id of an input, in bytes.
constexpr std::size_t id_bytes_max = 32;

bool is_id_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Reads a line number without sign and leading zero.
std::optional<std::uint32_t> parse_line(std::string_view digits) {
  if (digits.empty() || digits.front() == '0')
    return std::nullopt;
  std::uint32_t number = 0;
  const auto* end = digits.data() + digits.size();
  auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end)
    return std::nullopt;
  return number;
}

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

/// The length of the UTF-8 sequence at `at`, or 0 when there is none. Follows
/// table 3-7 of the Unicode standard: no overlong form, no surrogate, nothing
/// above U+10FFFF.
std::size_t sequence_length(const unsigned char* at, std::size_t left) {
  const auto lead = at[0];
  if (lead >= 0xC2 && lead <= 0xDF)
    return left >= 2 && is_continuation(at[1]) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (left < 3 || !is_continuation(at[1]) || !is_continuation(at[2]))
      return 0;
    const bool overlong = lead == 0xE0 && at[1] < 0xA0;
    const bool surrogate = lead == 0xED && at[1] > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (left < 4 || !is_continuation(at[1]) || !is_continuation(at[2])
        || !is_continuation(at[3]))
      return 0;
    const bool overlong = lead == 0xF0 && at[1] < 0x90;
    const bool too_large = lead == 0xF4 && at[1] > 0x8F;
    return overlong || too_large ? 0 : 4;
  }
  return 0;
}

/// Whether eight bytes are ASCII without NUL.
bool is_plain_word(const unsigned char* at) {
  constexpr std::uint64_t high = 0x8080808080808080;
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return (word & high) == 0 && ((word - ones) & ~word & high) == 0;
}

} // namespace

input::input(std::string id, std::string name, std::string text)
    : id_(std::move(id)), name_(std::move(name)), text_(std::move(text)) {
  assert(text_.size() <= std::numeric_limits<std::uint32_t>::max());
  line_starts_.push_back(0);
  // The end of the text's last line starts no further line.
  for (auto at = text_.find('\n');
       at != std::string::npos && at + 1 < text_.size();
       at = text_.find('\n', at + 1))
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
}

std::uint32_t input::line_count() const {
  return static_cast<std::uint32_t>(line_starts_.size());
}

std::string_view input::line(std::uint32_t number) const {
  if (number < 1 || number > line_count())
    return {};
  return lines(number, number);
}

std::string_view input::lines(std::uint32_t first, std::uint32_t last) const {
  first = std::max(first, std::uint32_t{1});
  last = std::min(last, line_count());
  if (first > last)
    return {};
  const std::size_t begin = line_starts_[first - 1];
  const std::size_t end =
      last < line_count() ? line_starts_[last] : text_.size();
  auto view = std::string_view{text_}.substr(begin, end - begin);
  if (view.ends_with('\n'))
    view.remove_suffix(1);
  if (view.ends_with('\r'))
    view.remove_suffix(1);
  return view;
}

const input* find_input(const input_set& inputs, std::string_view id) {
  auto found = std::find_if(inputs.begin(), inputs.end(),
                            [id](const input& x) { return x.id() == id; });
  return found == inputs.end() ? nullptr : &*found;
}

std::optional<input_range> parse_input_range(std::string_view text) {
  const auto colon = text.find(':');
  const auto id = text.substr(0, colon);
  if (id.empty() || id.size() > id_bytes_max
      || !std::all_of(id.begin(), id.end(), is_id_char))
    return std::nullopt;
  input_range range{std::string{id}, 0, 0};
  if (colon == std::string_view::npos)
    return range;
  const auto lines = text.substr(colon + 1);
  const auto dash = lines.find('-');
  const auto first = parse_line(lines.substr(0, dash));
  const auto last = dash == std::string_view::npos
                        ? first
                        : parse_line(lines.substr(dash + 1));
  if (!first || !last || *first > *last)
    return std::nullopt;
  range.first = *first;
  range.last = *last;
  return range;
}

std::string to_string(const input_range& range) {
  if (range.first == 0)
    return range.id;
  auto text = range.id + ':' + std::to_string(range.first);
  if (range.last != range.first)
    text += '-' + std::to_string(range.last);
  return text;
}

bool is_text(std::string_view bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at >= 8 && is_plain_word(data + at)) {
      at += 8;
      continue;
    }
    if (data[at] == 0)
      return false;
    const auto length =
        data[at] < 0x80 ? 1 : sequence_length(data + at, bytes.size() - at);
    if (length == 0)
      return false;
    at += length;
  }
  return true;
}

} // namespace brigade::core
