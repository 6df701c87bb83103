/// Shows a run while it works: a live tree on a terminal, else a line per
/// change. Reads the same events as everything else.
#pragma once

#include "brigade/app/terminal.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// Replaces what it drew before by new lines. Pure but for what it remembers.
class live_frame {
public:
  /// The bytes that replace the lines of the last call by `lines`, on a
  /// terminal of `columns` columns. The first call hides the cursor.
  std::string draw(const std::vector<std::string>& lines, std::size_t columns);

  /// The bytes that leave the last lines where they are, with the cursor below
  /// them and visible. Empty when nothing was drawn.
  std::string close();

private:
  /// Columns of each line on the screen.
  std::vector<std::size_t> widths_;
  bool open_ = false;
};

/// Not thread-safe: one thread owns it and hands the events over. Times are
/// milliseconds of any steady clock.
class progress {
public:
  struct options {
    bool quiet = false;
    terminal_traits traits;
    std::function<terminal_size()> size;
    /// Where the bytes go: stderr, in one piece per call.
    std::function<void(std::string_view)> write;
    /// Told before the cursor is hidden and after it is shown again.
    std::function<void(bool)> cursor_hidden;
  };

  explicit progress(options how);

  /// Shows the cursor again if `finish` was never reached.
  ~progress();

  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// What happened before this process took the run up: not shown again.
  void recall(const std::vector<core::event_ptr>& past, std::int64_t now_ms);

  void on_event(const core::event& e, std::int64_t now_ms);

  /// Draws if it is due.
  void tick(std::int64_t now_ms);

  /// When `tick` wants to be called next; nothing: not before an event.
  std::optional<std::int64_t> next_due_ms() const;

  /// The final picture and the closing lines.
  void finish(const core::run_report& report);

  /// A message between the pictures.
  void say(std::string_view line);

private:
  void draw(std::int64_t now_ms);
  void close_frame();
  std::string dim(std::string line) const;

  options how_;
  core::run_state state_;
  live_frame frame_;
  std::uint64_t frames_drawn_ = 0;
  bool drawn_ = false;
  std::optional<std::int64_t> due_ms_;
  /// `now_ms` less the time of the run, once the first event came.
  std::optional<std::int64_t> run_began_ms_;
};

} // namespace brigade::app
