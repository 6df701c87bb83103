/// The live tree of a run, as lines for a terminal. Pure: state, time and size
/// come in, lines go out.
#pragma once

#include "brigade/core/run/run_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace brigade::app {

/// How the tree is to be drawn.
struct tree_view {
  /// Columns and rows of the terminal. Lines stay one column short of the
  /// width, so that no terminal wraps them.
  std::size_t width = 80;
  /// 0: no limit.
  std::size_t height = 24;
  /// The time of the run.
  std::int64_t now_ms = 0;
  /// Counts drawings; turns the spinner.
  std::uint64_t frame = 0;
  bool color = true;
  /// For terminals that do not speak UTF-8.
  bool ascii = false;
};

/// Smaller terminals are drawn as if they had this width.
inline constexpr std::size_t tree_width_min = 20;

/// At most `view.height - 1` lines, if there is a limit. Subtasks that do not
/// fit are summed up in one line: those that run or failed stay in sight.
std::vector<std::string> render_tree(const core::run_state& state,
                                     const tree_view& view);

} // namespace brigade::app
