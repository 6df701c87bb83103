#include "brigade/app/text_block.hpp"

#include "brigade/app/terminal_text.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

/// Narrower blocks are not wrapped further.
constexpr std::size_t columns_min = 20;
constexpr std::size_t tab_columns = 2;

/// How many bytes of `line` fit, broken behind a space where there is one.
std::size_t bytes_that_fit(std::string_view line, std::size_t columns) {
  std::size_t used = 0;
  std::size_t at = 0;
  std::size_t behind_space = 0;
  while (at < line.size()) {
    auto next = decode_utf8(line.substr(at));
    auto width = static_cast<std::size_t>(column_width(next.code));
    if (used + width > columns) {
      return behind_space > 0 ? behind_space : std::max<std::size_t>(at, 1);
    }
    used += width;
    at += next.length;
    if (next.code == ' ') {
      behind_space = at;
    }
  }
  return at;
}

void append_wrapped(std::vector<std::string>& out, std::string_view line,
                    std::size_t columns) {
  if (columns == 0) {
    out.emplace_back(line);
    return;
  }
  do {
    auto length = bytes_that_fit(line, columns);
    auto part = std::string{line.substr(0, length)};
    if (length < line.size()) {
      part.erase(part.find_last_not_of(' ') + 1);
    }
    out.push_back(std::move(part));
    line.remove_prefix(length);
  } while (!line.empty());
}

} // namespace

std::vector<std::string> block_lines(std::string_view text,
                                     std::size_t columns) {
  auto safe = terminal_safe(text);
  for (auto i = safe.find('\t'); i != std::string::npos; i = safe.find('\t')) {
    safe.replace(i, 1, tab_columns, ' ');
  }
  if (columns > 0) {
    columns = std::max(columns, columns_min);
  }
  std::vector<std::string> out;
  std::string_view rest = safe;
  while (!rest.empty()) {
    auto end = std::min(rest.find('\n'), rest.size());
    append_wrapped(out, rest.substr(0, end), columns);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  while (!out.empty()
         && out.back().find_first_not_of(' ') == std::string::npos) {
    out.pop_back();
  }
  return out;
}

void append_block(std::vector<std::string>& out, std::string_view text,
                  std::size_t indent, std::size_t columns) {
  auto inner = columns == 0 ? 0 : columns - std::min(columns - 1, indent);
  for (auto& line : block_lines(text, inner)) {
    out.push_back(line.empty() ? line : std::string(indent, ' ') + line);
  }
}

} // namespace brigade::app
