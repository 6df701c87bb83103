/// Where the run's threads leave what they have for the main thread.
#pragma once

#include "brigade/app/unique_fd.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/report.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace brigade::app {

/// Why there is no report: one sentence.
struct run_refused {
  std::string message;
};

using run_end = std::variant<core::run_report, run_refused>;

/// `put` may be called from any thread, `take` from one. Never blocks for
/// longer than a copy takes.
class run_mailbox {
public:
  struct content {
    std::vector<core::event_ptr> events;
    std::optional<run_end> end;
  };

  run_mailbox();

  void put(core::event_ptr e);

  /// The last thing that is put.
  void put(run_end end);

  /// Everything since the last `take`.
  content take();

  /// Readable while there is something to take; for `poll`. -1 when the
  /// system had no descriptor left.
  int fd() const { return wake_.get(); }

private:
  void wake();

  std::mutex mutex_;
  content content_;
  bool woken_ = false;
  unique_fd wake_;
};

} // namespace brigade::app
