#include "brigade/app/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sys/ioctl.h>

namespace brigade::app {

namespace {

bool is_set(const environment& env, std::string_view name) {
  auto value = env(name);
  return value && !value->empty();
}

bool is_forced(const environment& env, std::string_view name) {
  return is_set(env, name) && *env(name) != "0";
}

/// Whether the locale's character set is UTF-8; a locale that was never set
/// says nothing, and terminals of today are.
bool speaks_utf8(const environment& env) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    auto value = env(name);
    if (!value || value->empty()) {
      continue;
    }
    auto text = *value;
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
      return static_cast<char>(std::tolower(c));
    });
    return text.find("utf-8") != std::string::npos
           || text.find("utf8") != std::string::npos;
  }
  return true;
}

} // namespace

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string{name}.c_str());
    if (value == nullptr) {
      return std::nullopt;
    }
    return value;
  };
}

terminal_traits traits_of(bool is_terminal, bool no_color,
                          const environment& env) {
  terminal_traits out;
  auto term = env("TERM");
  bool dumb = !term || term->empty() || *term == "dumb";
  out.live = is_terminal && !dumb;
  out.ascii = !speaks_utf8(env);
  if (no_color || is_set(env, "NO_COLOR")) {
    out.color = false;
  } else if (is_forced(env, "CLICOLOR_FORCE")
             || is_forced(env, "FORCE_COLOR")) {
    out.color = true;
  } else {
    out.color = out.live;
  }
  return out;
}

terminal_size size_of_terminal(int fd) {
  winsize size{};
  terminal_size out;
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0) {
    if (size.ws_col > 0) {
      out.columns = size.ws_col;
    }
    if (size.ws_row > 0) {
      out.rows = size.ws_row;
    }
  }
  return out;
}

} // namespace brigade::app
