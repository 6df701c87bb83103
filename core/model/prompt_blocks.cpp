#include "brigade/core/model/prompt_blocks.hpp"

#include <algorithm>
#include <charconv>

namespace brigade::core {

namespace {

constexpr std::string_view marker = "brigade-";

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether `text`, which stands behind a `<`, looks like a delimiter.
bool looks_like_delimiter(std::string_view text) {
  const auto start = text.find_first_not_of("\\/ \t");
  if (start == std::string_view::npos || text.size() - start < marker.size())
    return false;
  return std::equal(marker.begin(), marker.end(), text.begin() + start,
                    [](char lhs, char rhs) { return lhs == to_lower(rhs); });
}

std::string unescape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  std::size_t done = 0;
  for (auto at = text.find('<'); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\\'
        || !looks_like_delimiter(text.substr(at + 1)))
      continue;
    result.append(text, done, at + 1 - done);
    done = at + 2;
  }
  return result.append(text, done);
}

constexpr std::pair<char, std::string_view> entities[] = {
    {'&', "&amp;"}, {'"', "&quot;"}, {'<', "&lt;"},
    {'>', "&gt;"},  {'\n', "&#10;"}, {'\r', "&#13;"},
};

void append_attribute_value(std::string& out, std::string_view value) {
  std::size_t done = 0;
  for (auto at = value.find_first_of("&\"<>\n\r"); at != std::string_view::npos;
       at = value.find_first_of("&\"<>\n\r", at + 1)) {
    out.append(value, done, at - done);
    for (auto [character, entity] : entities)
      if (character == value[at])
        out += entity;
    done = at + 1;
  }
  out.append(value, done);
}

std::string attribute_value(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto used = std::size_t{1};
    auto next = text.front();
    if (next == '&')
      for (auto [character, entity] : entities)
        if (text.starts_with(entity)) {
          used = entity.size();
          next = character;
        }
    result += next;
    text.remove_prefix(used);
  }
  return result;
}

template <class Attributes>
void append_open_tag(std::string& out, std::string_view tag,
                     const Attributes& attributes) {
  out += '<';
  out += marker;
  out += tag;
  for (const auto& [name, value] : attributes) {
    out += ' ';
    out += name;
    out += "=\"";
    append_attribute_value(out, value);
    out += '"';
  }
  out += ">\n";
}

template <class Attributes>
void append_whole_block(std::string& out, std::string_view tag,
                        const Attributes& attributes,
                        std::string_view content) {
  append_open_tag(out, tag, attributes);
  if (!content.empty()) {
    append_escaped(out, content);
    out += '\n';
  }
  close_block(out, tag);
}

/// Removes and returns the name at the front of `text`; may be empty.
std::string_view take_name(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_name_char(text[size]))
    ++size;
  auto result = text.substr(0, size);
  text.remove_prefix(size);
  return result;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Reads `TAG a="b">` at the front of `text` and removes it.
bool take_open_tag(std::string_view& text, prompt_block& result) {
  result.tag = take_name(text);
  if (result.tag.empty())
    return false;
  while (take(text, " ")) {
    const auto name = take_name(text);
    if (name.empty() || !take(text, "=\""))
      return false;
    const auto end = text.find_first_of("\"<>\n");
    if (end == std::string_view::npos || text[end] != '"')
      return false;
    result.attributes.emplace_back(std::string{name},
                                   attribute_value(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return take(text, ">");
}

/// The position of the next delimiter, opening or closing.
std::size_t find_delimiter(std::string_view text, std::size_t from) {
  for (auto at = text.find('<', from); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    auto rest = text.substr(at + 1);
    take(rest, "/");
    if (rest.starts_with(marker))
      return at;
  }
  return std::string_view::npos;
}

/// Cuts the line ends next to the tags.
std::string_view trim_line_ends(std::string_view content) {
  take(content, "\n");
  if (content.ends_with('\n'))
    content.remove_suffix(1);
  return content;
}

} // namespace

std::string_view prompt_block::attribute(std::string_view name) const {
  for (const auto& [key, value] : attributes)
    if (key == name)
      return value;
  return {};
}

void append_block(std::string& out, std::string_view tag,
                  const block_attributes& attributes,
                  std::string_view content) {
  append_whole_block(out, tag, attributes, content);
}

void append_block(std::string& out, std::string_view tag,
                  block_attribute_views attributes, std::string_view content) {
  append_whole_block(out, tag, attributes, content);
}

void append_document(std::string& out, const input& document,
                     std::uint32_t first, std::uint32_t last) {
  first = std::max(first, std::uint32_t{1});
  last = std::min(last, document.line_count());
  const auto range = std::to_string(first) + '-' + std::to_string(last);
  open_block(
      out, "document",
      {{"id", document.id()}, {"name", document.name()}, {"lines", range}});
  for (auto number = first; number <= last; ++number)
    append_numbered_line(out, number, document.line(number));
  close_block(out, "document");
}

void open_block(std::string& out, std::string_view tag,
                block_attribute_views attributes) {
  append_open_tag(out, tag, attributes);
}

std::size_t append_escaped(std::string& out, std::string_view content) {
  std::size_t escapes = 0;
  std::size_t done = 0;
  for (auto at = content.find('<'); at != std::string_view::npos;
       at = content.find('<', at + 1)) {
    if (!looks_like_delimiter(content.substr(at + 1)))
      continue;
    out.append(content, done, at + 1 - done);
    out += '\\';
    done = at + 1;
    ++escapes;
  }
  out.append(content, done);
  return escapes;
}

void append_numbered_line(std::string& out, std::uint32_t number,
                          std::string_view text) {
  char digits[10]; // The most that 32 bits need.
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
  out += "| ";
  append_escaped(out, text);
  out += '\n';
}

void close_block(std::string& out, std::string_view tag) {
  out += "</";
  out += marker;
  out += tag;
  out += ">\n";
}

std::vector<prompt_block> parse_blocks(std::string_view prompt) {
  std::vector<prompt_block> result;
  auto at = find_delimiter(prompt, 0);
  while (at != std::string_view::npos) {
    auto next = find_delimiter(prompt, at + 1);
    auto rest =
        prompt.substr(at, next == std::string_view::npos ? next : next - at);
    prompt_block block;
    if (next != std::string_view::npos && take(rest, "<") && take(rest, marker)
        && take_open_tag(rest, block)) {
      auto end = prompt.substr(next);
      if (take(end, "</") && take(end, marker) && take(end, block.tag)
          && take(end, ">")) {
        block.content = unescape(trim_line_ends(rest));
        result.push_back(std::move(block));
      }
    }
    at = next;
  }
  return result;
}

std::vector<numbered_line> parse_numbered_lines(std::string_view content) {
  std::vector<numbered_line> result;
  while (!content.empty()) {
    auto line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    std::uint32_t number = 0;
    const auto [end, error] =
        std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc{})
      continue;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (take(line, "| "))
      result.push_back({number, std::string{line}});
  }
  return result;
}

} // namespace brigade::core
