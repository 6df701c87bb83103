/// Colours, words and signs of the live tree. Pure.
#pragma once

#include "brigade/app/progress_tree.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <string>
#include <string_view>

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

} // namespace brigade::app
