/// The journal that a command writes to.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/run_mailbox.hpp"
#include "brigade/core/run/journal.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/store/sqlite.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace brigade::app {

struct run_journal {
  core::journal_ptr port;
  /// Null: it is in memory and ends with the process.
  std::shared_ptr<store::sqlite_journal> durable;
  /// The state directory; empty: in memory.
  std::string directory;
};

/// Events of `shown` go to `mailbox`, which must outlive the journal; those of
/// runs nested in it do not.
std::variant<run_journal, problem> open_run_journal(const std::string& state,
                                                    bool no_journal,
                                                    const core::run_id& shown,
                                                    run_mailbox& mailbox);

/// Sets aside what the next life of a run may spend today: its order's ceiling
/// above what its earlier lives have spent. Why it gets nothing, or nothing: it
/// may go on. Without a durable journal there is nothing to keep.
std::optional<store::fault> reserve_for_day(const run_journal& journal,
                                            const core::run_order& order,
                                            core::pico_usd spent);

} // namespace brigade::app
