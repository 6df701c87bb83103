/// The actors and providers of the served crews. The only header of the daemon
/// behind which CAF is.
#pragma once

#include "brigade/config/crew_file.hpp"
#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/journal.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace brigade::app::serve {

/// How a run is begun, or goes on.
struct start_options {
  /// The log holds `run.submitted` and nothing else.
  bool first = false;
  /// For `run.resumed`.
  std::string reason = "restart";
  std::optional<core::approval_decision> decision;
};

/// The end of one life of a run.
struct run_ended {
  core::run_status status = core::run_status::suspended;
  std::string reason;
  /// Set when it did not begin at all: why.
  std::string refused;
  /// Nothing was heard of it for far longer than it may take. It may go on.
  bool lost = false;
};

/// Stops a run that was started: any thread, at any time.
using run_stopper = std::function<void(core::stop_kind, std::string reason)>;

/// One crew's brigade with its providers. Thread-safe.
class crew_runtime {
public:
  virtual ~crew_runtime() = default;

  /// `ended` is called once, on a thread of the actor system.
  virtual run_stopper start(core::run_order order, start_options how,
                            std::function<void(run_ended)> ended) = 0;

  /// Whether the crew's models are all served here, by the same settings.
  virtual bool serves(const core::crew& crew) const = 0;

  /// Suspends what runs; `then` is told how many runs had to be ended by force,
  /// on a thread of the actor system.
  virtual void shut_down(std::string reason, std::chrono::milliseconds grace,
                         std::function<void(std::uint32_t killed)> then) = 0;
};

/// One actor system for all of them; `open` is thread-safe. Its end waits until
/// every actor is gone.
class crew_system {
public:
  struct fault {
    std::string message;
  };

  explicit crew_system(core::journal_ptr journal);
  ~crew_system();

  crew_system(const crew_system&) = delete;
  crew_system& operator=(const crew_system&) = delete;

  /// Serves the models that the crew's roles use, and the one that `also`
  /// names, if any.
  std::variant<std::shared_ptr<crew_runtime>, fault>
  open(const config::crew_file& crew, const std::string& also);

private:
  struct parts;

  std::shared_ptr<parts> parts_;
};

} // namespace brigade::app::serve
