/// The rows of the live tree: one subtask each, in aligned columns. Pure.
#pragma once

#include "brigade/app/progress_tree.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

enum class text_style : std::uint8_t {
  plain,
  bold,
  dim,
  red,
  green,
  yellow,
  cyan,
};

/// `text` in a style, or as it is without `color`.
std::string styled(std::string text, text_style style, bool color);

/// `waiting`, `running`, `done`, `failed`, `skipped`, `cancelled`.
std::string_view status_word(core::task_status status);

/// One column.
std::string_view status_glyph(core::task_status status, const tree_view& view);

/// One column; turns with `frame`.
std::string_view spinner(std::uint64_t frame, bool ascii);

/// A row for each subtask in `shown` (indices into the plan), each at most
/// `columns` wide. Columns that do not fit are dropped for all rows, the
/// dearest last: description, then tokens, then cost.
std::vector<std::string> render_rows(const core::run_state& state,
                                     const std::vector<std::size_t>& shown,
                                     std::size_t columns,
                                     const tree_view& view);

} // namespace brigade::app
