/// What is known of the terminal behind a descriptor.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::app {

/// The value of an environment variable.
using environment = std::function<std::optional<std::string>(std::string_view)>;

/// The process's own.
environment process_environment();

struct terminal_traits {
  /// Whether a picture can be drawn and redrawn.
  bool live = false;
  bool color = false;
  /// Only ASCII may be written.
  bool ascii = false;
};

/// Decides from what is known: a terminal that is not `dumb` is live; colours
/// are off with `--no-color`, a non-empty NO_COLOR, or without a terminal, and
/// on in any case with CLICOLOR_FORCE or FORCE_COLOR (other than `0`) unless
/// `--no-color` or NO_COLOR says otherwise. Source: no-color.org,
/// bixense.com/clicolors.
terminal_traits traits_of(bool is_terminal, bool no_color,
                          const environment& env);

struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Of the terminal behind `fd`, now; 80 by 24 when unknown.
terminal_size size_of_terminal(int fd);

} // namespace brigade::app
