/// SIGINT, SIGTERM and SIGHUP: the first asks the run to suspend, the second
/// leaves at once.
#pragma once

#include "brigade/app/unique_fd.hpp"

#include <string>

namespace brigade::app {

/// Installs the handlers; its end puts the old ones back. At most one exists
/// at a time. SIGPIPE is ignored meanwhile: a closed stdout is an error of
/// `write`, not the death of the process. A SIGHUP that was ignored at the
/// start (`nohup`) stays ignored.
///
/// The second signal is served inside the handler, so it works even when the
/// main loop hangs: it shows the cursor, removes the temporary file and ends
/// the process with code 130.
class interrupt_guard {
public:
  interrupt_guard();
  ~interrupt_guard();

  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;

  /// Becomes readable at the first signal; for `poll`.
  int fd() const { return read_end_.get(); }

  /// Whether a signal came.
  static bool interrupted();

  /// Whether the second signal has to show the cursor again.
  static void set_cursor_hidden(bool hidden);

  /// The file that the second signal has to remove; empty: none. Longer names
  /// than 4095 bytes are not kept.
  static void set_temporary(const std::string& path);

private:
  unique_fd read_end_;
  unique_fd write_end_;
};

} // namespace brigade::app
