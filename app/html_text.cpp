#include "brigade/app/html_text.hpp"

#include "brigade/app/terminal_text.hpp"

namespace brigade::app {

std::string html_escaped(std::string_view text) {
  std::string out;
  for (char c : terminal_safe(text)) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

std::string html_line(std::string_view text, std::size_t columns) {
  auto line = terminal_line(text);
  return html_escaped(columns == 0 ? line : fit(line, columns));
}

} // namespace brigade::app
