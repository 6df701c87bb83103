#include "brigade/app/goal.hpp"

#include "brigade/app/inputs.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/run/input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <unistd.h>

namespace brigade::app {

namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";

/// Reads up to `bytes_max + 1` bytes, so that the caller sees what is too
/// long.
std::variant<std::string, problem> read_stdin(int fd, std::uint64_t bytes_max) {
  std::string text;
  std::array<char, 4096> chunk{};
  while (text.size() <= bytes_max) {
    auto room =
        std::min<std::uint64_t>(chunk.size(), bytes_max + 1 - text.size());
    auto got = ::read(fd, chunk.data(), static_cast<std::size_t>(room));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return problem{std::string{"the goal cannot be read from stdin: "}
                         + std::strerror(errno),
                     "give it as an argument or with --goal-file"};
    }
    if (got == 0) {
      break;
    }
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::variant<std::string, problem> check_goal(std::string text,
                                              std::uint64_t bytes_max,
                                              const std::string& source) {
  strip_byte_order_mark(text);
  // Before the trim: it may be white space of any length.
  if (text.size() > bytes_max) {
    return problem{"the goal" + source + " is longer than "
                       + display_bytes(bytes_max),
                   "give long texts as documents with --input"};
  }
  auto first = text.find_first_not_of(white_space);
  if (first == std::string::npos) {
    return problem{"the goal" + source + " is empty",
                   "for example: brigade run \"What changed?\" --input "
                   "notes.md"};
  }
  auto last = text.find_last_not_of(white_space);
  text = text.substr(first, last - first + 1);
  if (!core::is_text(text)) {
    return problem{"the goal" + source + " is not UTF-8 text",
                   "convert it first, for example: iconv -f LATIN1 -t UTF-8"};
  }
  return text;
}

} // namespace

std::variant<std::string, problem> load_goal(const run_options& options,
                                             const core::limits& bounds,
                                             int stdin_fd) {
  if (!options.goal_file.empty()) {
    auto name = terminal_line(options.goal_file);
    // Room for a byte order mark, which does not count.
    auto result = read_file(options.goal_file, bounds.goal_bytes_max + 3);
    if (auto* fault = std::get_if<read_fault>(&result)) {
      return problem{"--goal-file " + name + ": " + fault->message, {}};
    }
    return check_goal(std::get<std::string>(std::move(result)),
                      bounds.goal_bytes_max, " in " + name);
  }
  if (options.goal && *options.goal == "-") {
    auto result = read_stdin(stdin_fd, bounds.goal_bytes_max + 3);
    if (std::holds_alternative<problem>(result)) {
      return result;
    }
    return check_goal(std::get<std::string>(std::move(result)),
                      bounds.goal_bytes_max, " from stdin");
  }
  return check_goal(options.goal.value_or(std::string{}), bounds.goal_bytes_max,
                    {});
}

} // namespace brigade::app
