/// The composition root: builds the providers of a crew and drives the actor
/// system. The only header behind which CAF and the network are.
#pragma once

#include "brigade/app/recalled.hpp"
#include "brigade/app/run_mailbox.hpp"
#include "brigade/config/crew_file.hpp"
#include "brigade/core/run/journal.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace brigade::app {

/// One actor system that works on one run, life after life. Its end ends every
/// actor, thread and socket that it started.
class runtime {
public:
  /// A setting of a provider that only its client could check.
  struct fault {
    std::string message;
  };

  /// Starts nothing that the crew's roles do not need: no network for the
  /// built-in model. Events and the end of the run go to `mailbox`, which
  /// must outlive the runtime.
  /// `journal` tells the mailbox of the run's events. What `recalled` holds is
  /// not bought again; null: nothing.
  static std::variant<std::unique_ptr<runtime>, fault>
  create(const config::crew_file& crew, run_mailbox& mailbox,
         core::journal_ptr journal,
         std::shared_ptr<const recalled_replies> recalled);

  /// For a run that only ends: it can buy nothing.
  static std::unique_ptr<runtime> create_to_end(run_mailbox& mailbox,
                                                core::journal_ptr journal);

  ~runtime();

  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  /// Starts the run; at most once. The end comes to the mailbox.
  void submit(core::run_order order);

  /// Goes on with a run that the journal has claimed, and that no earlier call
  /// still works on. As `submit`.
  void resume(core::run_order order, bool changes_accepted,
              std::optional<core::approval_decision> decision = {});

  /// Ends the run early; its report comes to the mailbox all the same. Any
  /// thread, but not during `submit` or `resume`.
  void stop(const core::run_id& run, core::stop_kind kind, std::string reason);

private:
  struct parts;

  explicit runtime(std::unique_ptr<parts> all);

  std::unique_ptr<parts> parts_;
};

} // namespace brigade::app
