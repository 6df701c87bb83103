/// Checkers for the rules that Brigade never breaks (docs/reliability.md).
///
/// They see what anybody can see: the durable events of all runs, the ledger
/// lines of a scripted provider and the orders that runs were submitted with.
/// All sums, prices and graphs are their own: no code is shared with what is
/// checked.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/testkit/served_call.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::testkit {

/// A broken rule: `M1` to `M7`, `R1` to `R3`, `L1` to `L3`, `S1` to `S4`, `H1`
/// to `H3`, `A1` (something began before the plan was approved), `epoch` (an
/// older life of an orchestrator bought a call), `order` (a purchase overtook
/// one that waited), `fits` (a call was refused though it fitted) or `warned`
/// (a wrong `budget.warned`).
struct violation {
  std::string rule;
  /// Empty: no single run's.
  core::run_id run;
  /// The event that showed it; 0: none did.
  std::uint64_t seq = 0;
  /// Run time, or the provider's time where no event showed it.
  std::int64_t at_ms = 0;
  std::string what;
};

/// What must be as before once everything has ended (rule H1).
struct hygiene {
  std::size_t actors = 0;
  std::size_t timers = 0;
  std::size_t files = 0;
  std::size_t sockets = 0;
  /// Tries that are open at providers.
  std::size_t open_tries = 0;
  /// Orders that nobody has answered.
  std::size_t open_orders = 0;

  friend bool operator==(const hygiene&, const hygiene&) = default;
};

struct checker_options {
  /// What each life of a run may take longer than its deadline until
  /// `run.finished`: the 5 s that a till waits for cancelled tries and one for
  /// its workers.
  std::int64_t grace_ms = 6000;
  /// Compare the SHA-256 of each served body with its intent's.
  bool check_hashes = true;
  /// What `hygiene` must be at rest.
  hygiene baseline;
  /// The ceiling over all top-level runs that go at the same time.
  std::optional<core::pico_usd> process_ceiling;
  /// Further violations are only counted.
  std::size_t violations_max = 64;
};

/// Feed it in order of occurrence; look at `violations` after each step or at
/// the end. Memory is kept over `reset`. Not thread-safe.
class rule_checkers {
public:
  explicit rule_checkers(checker_options options = {});
  ~rule_checkers();
  rule_checkers(rule_checkers&&) noexcept;
  rule_checkers& operator=(rule_checkers&&) noexcept;

  /// Forgets everything but the options.
  void reset();
  void set_check_hashes(bool on);
  void set_process_ceiling(core::pico_usd ceiling);

  // -- what happens -----------------------------------------------------------

  /// Before the order is sent.
  void submitted(const core::run_order& order);

  /// Before an order is sent to go on with its run: its ceilings hold from
  /// `run.resumed` on.
  void resumed(const core::run_order& order);

  /// The order was answered with an error: no run comes of it.
  void refused(const core::run_id& run);

  /// The number of the run in its brigade (`core::try_id >> 24`). Where it is
  /// not told it is learnt from the first try that fits; runs with the same
  /// requests may then be mixed up.
  void serial(const core::run_id& run, std::uint64_t number);

  /// An event became durable. `now_ms` is the provider's clock; without it
  /// calls that were handed over late go unnoticed.
  void saw(const core::run_id& run, const core::event& e,
           std::optional<std::int64_t> now_ms = {});

  /// A try arrived at a provider.
  void served(const served_call& line);

  /// A try has ended there: what it bills is known.
  void answered(const served_call& line);

  /// An append to this run's log failed or never ended: events of it may be
  /// missing from now on, which excuses ends, warnings, causes and charges that
  /// are not seen.
  void journal_failed(const core::run_id& run);

  /// An order was answered with a report (rule R1).
  void reported(const core::run_report& report);

  /// A gateway crashed: answers on their way are lost, which excuses calls that
  /// stay in doubt.
  void gateway_lost();

  /// A till crashed: the same, and its nested runs may end a little later than
  /// its own.
  void till_lost();

  /// The whole process died at once: what it had sent may still be answered and
  /// billed, and nobody hears of it. Appends that were not durable are lost;
  /// all others must be found again (`read_back`).
  void process_died();

  /// What a new process reads of a run's log (rule R1).
  void read_back(const core::run_id& run,
                 const std::vector<core::event_ptr>& log);

  /// The whole process stood still for so long, which excuses late ends and,
  /// from then on, calls in doubt whose answer came while it did.
  void stood_still(std::int64_t ms);

  /// Nothing is left to happen.
  void at_rest(const hygiene& now);

  /// Looks for a secret in a text that was shown: plain, base64 or
  /// percent-encoded (rule H2). `where` names the text.
  void shown(std::string_view where, std::string_view text,
             std::string_view secret);

  // -- what was found ---------------------------------------------------------

  const std::vector<violation>& violations() const;

  /// All, also those above `violations_max`.
  std::uint64_t found() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Whether `secret` stands in `text`: plain, in base64 (both alphabets, at any
/// offset) or percent-encoded. Secrets below 4 bytes are not looked for.
bool holds_secret(std::string_view text, std::string_view secret);

} // namespace brigade::testkit
