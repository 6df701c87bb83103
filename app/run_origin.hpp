/// Where `brigade run` took a run from: kept with the run, so that `brigade
/// resume` finds crew and documents again. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

struct run_origin {
  /// The crew file as an absolute path; empty: the built-in crew.
  std::string config;
  /// Each `--set KEY=VALUE`.
  std::vector<std::string> sets;
  /// The documents as absolute paths, in order.
  std::vector<std::string> inputs;

  friend bool operator==(const run_origin&, const run_origin&) = default;
};

std::string to_text(const run_origin& origin);

/// Nothing when the text is of somebody else: a run that was not started by
/// `brigade run`.
std::optional<run_origin> parse_run_origin(std::string_view text);

} // namespace brigade::app
