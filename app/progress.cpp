#include "brigade/app/progress.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/progress_style.hpp"
#include "brigade/app/progress_text.hpp"
#include "brigade/app/progress_tree.hpp"
#include "brigade/app/terminal_text.hpp"

#include <algorithm>
#include <utility>

namespace brigade::app {

namespace {

/// Between two pictures: 10 per second.
constexpr std::int64_t redraw_interval_ms = 100;
/// Before the first picture, so that a run that ends at once draws only one.
constexpr std::int64_t first_draw_ms = 40;

constexpr std::string_view hide_cursor = "\x1b[?25l";
constexpr std::string_view show_cursor = "\x1b[?25h";
constexpr std::string_view clear_to_line_end = "\x1b[K";
constexpr std::string_view clear_below = "\x1b[J";

/// The width of a line that may hold colour sequences.
std::size_t visible_width(std::string_view line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      i = std::min(line.find('m', i), line.size() - 1);
      continue;
    }
    plain += line[i];
  }
  return display_width(plain);
}

} // namespace

std::string live_frame::draw(const std::vector<std::string>& lines,
                             std::size_t columns) {
  std::string out;
  if (!open_) {
    out += hide_cursor;
    open_ = true;
  }
  // A terminal that became narrower has wrapped what stands there.
  std::size_t rows = 0;
  columns = std::max<std::size_t>(columns, 1);
  for (auto width : widths_) {
    rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
  }
  if (rows > 0) {
    out += "\x1b[" + std::to_string(rows) + "A";
  }
  out += '\r';
  widths_.clear();
  for (const auto& line : lines) {
    out += line;
    out += clear_to_line_end;
    out += '\n';
    widths_.push_back(visible_width(line));
  }
  out += clear_below;
  return out;
}

std::string live_frame::close() {
  if (!open_) {
    return {};
  }
  open_ = false;
  widths_.clear();
  return std::string{show_cursor};
}

progress::progress(options how) : how_(std::move(how)) {
  // nop
}

progress::~progress() {
  close_frame();
}

void progress::recall(const std::vector<core::event_ptr>& past,
                      std::int64_t now_ms) {
  if (how_.quiet || past.empty()) {
    return;
  }
  for (const auto& e : past) {
    state_.apply(*e);
  }
  if (how_.traits.live) {
    run_began_ms_ = now_ms - state_.last_at_ms;
    due_ms_ = now_ms + first_draw_ms;
  } else {
    how_.write(recalled_line(state_) + "\n");
  }
}

void progress::on_event(const core::event& e, std::int64_t now_ms) {
  if (how_.quiet) {
    return;
  }
  state_.apply(e);
  if (how_.traits.live) {
    if (!run_began_ms_) {
      run_began_ms_ = now_ms - e.at_ms;
      due_ms_ = now_ms + first_draw_ms;
    }
    tick(now_ms);
    return;
  }
  std::string text;
  for (const auto& line : progress_lines(e, state_)) {
    text += line + "\n";
  }
  if (!text.empty()) {
    how_.write(text);
  }
}

void progress::tick(std::int64_t now_ms) {
  if (!due_ms_ || now_ms < *due_ms_) {
    return;
  }
  draw(now_ms);
  due_ms_ = now_ms + redraw_interval_ms;
}

std::optional<std::int64_t> progress::next_due_ms() const {
  return due_ms_;
}

void progress::draw(std::int64_t now_ms) {
  auto size = how_.size();
  tree_view view;
  view.width = size.columns;
  view.height = size.rows;
  view.now_ms = now_ms - run_began_ms_.value_or(now_ms);
  view.frame = frames_drawn_++;
  view.color = how_.traits.color;
  view.ascii = how_.traits.ascii;
  auto bytes = frame_.draw(render_tree(state_, view), size.columns);
  if (!drawn_ && how_.cursor_hidden) {
    how_.cursor_hidden(true);
  }
  drawn_ = true;
  how_.write(bytes);
}

void progress::finish(const core::run_report& report) {
  if (how_.quiet) {
    return;
  }
  due_ms_.reset();
  std::string text;
  if (how_.traits.live) {
    // The last picture stays on the screen, so it may be as long as it is.
    tree_view view;
    auto size = how_.size();
    view.width = size.columns;
    view.height = 0;
    view.now_ms = report.state.last_at_ms;
    view.color = how_.traits.color;
    view.ascii = how_.traits.ascii;
    if (!drawn_ && how_.cursor_hidden) {
      how_.cursor_hidden(true);
    }
    drawn_ = true;
    text = frame_.draw(render_tree(report.state, view), size.columns);
    text += frame_.close();
  }
  for (auto& line : guarantee_lines(report.guarantees)) {
    text += dim(std::move(line)) + "\n";
  }
  text += done_line(report) + "\n";
  how_.write(text);
  if (drawn_ && how_.cursor_hidden) {
    how_.cursor_hidden(false);
  }
  drawn_ = false;
}

void progress::say(std::string_view line) {
  auto text = terminal_line(line);
  if (how_.traits.live && !how_.quiet) {
    // It takes the place of the picture, which is drawn again below it.
    text = frame_.draw({text}, how_.size().columns);
    text += frame_.close();
    if (due_ms_) {
      due_ms_ = 0;
    }
  } else {
    text += '\n';
  }
  how_.write(text);
}

void progress::close_frame() {
  auto bytes = frame_.close();
  if (!bytes.empty()) {
    how_.write(bytes);
  }
  if (drawn_ && how_.cursor_hidden) {
    how_.cursor_hidden(false);
  }
  drawn_ = false;
}

std::string progress::dim(std::string line) const {
  return styled(std::move(line), text_style::dim, how_.traits.color);
}

} // namespace brigade::app
