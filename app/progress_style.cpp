#include "brigade/app/progress_style.hpp"

#include <array>

namespace brigade::app {

namespace {

constexpr std::array<std::string_view, 10> spinner_frames = {
    "\u280B", "\u2819", "\u2839", "\u2838", "\u283C",
    "\u2834", "\u2826", "\u2827", "\u2807", "\u280F",
};
constexpr std::array<std::string_view, 4> spinner_ascii = {"|", "/", "-", "\\"};

} // namespace

std::string styled(std::string text, text_style style, bool color) {
  if (!color || text.empty() || style == text_style::plain) {
    return text;
  }
  const char* code = "";
  switch (style) {
  case text_style::plain:
    break;
  case text_style::bold:
    code = "1";
    break;
  case text_style::dim:
    code = "2";
    break;
  case text_style::red:
    code = "31";
    break;
  case text_style::green:
    code = "32";
    break;
  case text_style::yellow:
    code = "33";
    break;
  case text_style::cyan:
    code = "36";
    break;
  }
  return "\x1b[" + std::string{code} + "m" + text + "\x1b[0m";
}

std::string_view status_word(core::task_status status) {
  switch (status) {
  case core::task_status::not_started:
    return "waiting";
  case core::task_status::running:
    return "running";
  case core::task_status::succeeded:
    return "done";
  case core::task_status::failed:
    return "failed";
  case core::task_status::skipped:
    return "skipped";
  case core::task_status::cancelled:
    return "cancelled";
  }
  return "unknown";
}

std::string_view status_glyph(core::task_status status, const tree_view& view) {
  switch (status) {
  case core::task_status::not_started:
    return view.ascii ? "." : "\u00B7";
  case core::task_status::running:
    return spinner(view.frame, view.ascii);
  case core::task_status::succeeded:
    return view.ascii ? "+" : "\u2713";
  case core::task_status::failed:
    return view.ascii ? "x" : "\u2717";
  case core::task_status::skipped:
    return view.ascii ? "-" : "\u2212";
  case core::task_status::cancelled:
    return view.ascii ? "o" : "\u25A1";
  }
  return "?";
}

std::string_view spinner(std::uint64_t frame, bool ascii) {
  return ascii ? spinner_ascii[frame % spinner_ascii.size()]
               : spinner_frames[frame % spinner_frames.size()];
}

} // namespace brigade::app
