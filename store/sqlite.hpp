/// The journal's durable back end: one SQLite file in a state directory, with
/// one thread that writes the events of all runs in groups.
///
/// Any number of processes may use one directory at once. Each run has one
/// owner, and a dead process owns nothing.
#pragma once

#include "brigade/core/run/journal.hpp"
#include "brigade/core/run/run_source.hpp"
#include "brigade/core/run/run_summary.hpp"
#include "brigade/store/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brigade::store {

struct sqlite_journal_options {
  /// Made, with mode 0700, where it is missing.
  std::string directory;
  /// Sees every event when it becomes durable; may be empty.
  core::event_listener listener;
  /// Events that wait to be written; an append beyond it fails.
  std::size_t queue_events_max = 1'000'000;
  /// Events that are written in one transaction.
  std::size_t batch_events_max = 8'192;
  /// SQLite's file layer, for tests; empty: the system's.
  std::string vfs;
};

/// A run that this process owns now and may continue. Its events are read with
/// `sqlite_journal::read`.
struct claimed_run {
  core::run_summary summary;
  core::run_source source;
};

/// What may be spent per day (UTC), over all runs of a state directory.
struct day_ceilings {
  /// Of everybody together; nothing: no ceiling.
  std::optional<core::pico_usd> all;
  /// Of one client.
  std::optional<core::pico_usd> client;
};

/// The share of a day's ceilings that one life of a run asks for.
struct day_request {
  core::run_id run;
  /// Whose run it is; empty: of whoever uses the command line.
  std::string client;
  /// What it may spend at most, above `spent_before`.
  core::pico_usd slice;
  /// What its earlier lives have spent.
  core::pico_usd spent_before{};
  day_ceilings ceilings;
  /// Unix time in ms.
  std::int64_t wall_ms = 0;
};

/// A request that must start one run only, however often it comes.
struct keyed_request {
  /// Whose key it is: keys of different clients have nothing in common.
  std::string client;
  std::string key;
  /// Of what was asked: the same key with another one is another request.
  std::string body_sha256;
  /// What it will start unless it came before.
  core::run_id run;
  /// Unix time in ms, and how long the key is remembered from then on.
  std::int64_t wall_ms = 0;
  std::int64_t keep_ms = 0;
  /// Takes the place of the one before when that named this run, and that run
  /// is not going on.
  core::run_id instead_of{};
  /// ... and has not ended either.
  bool only_if_not_begun = false;
  /// Nothing is remembered: a request that is new gets no run.
  bool only_look = false;
};

/// What is known of a keyed request.
struct remembered_request {
  /// The run that the first of its kind named.
  core::run_id run;
  /// It is the first of its kind.
  bool is_new = false;
  /// It asked for the same as the first.
  bool is_same = true;
};

/// How well the writes were grouped, since the journal was opened.
struct write_counts {
  std::uint64_t transactions = 0;
  std::uint64_t appends = 0;
  std::uint64_t events = 0;
};

class sqlite_journal : public core::journal {
public:
  static result<std::shared_ptr<sqlite_journal>>
  open(sqlite_journal_options options);

  /// Writes what is appended, gives up all runs and closes the file.
  ~sqlite_journal() override;

  // -- core::journal ----------------------------------------------------------

  /// Not durable before its `begin`: a run that is in the journal already and
  /// was not claimed is not appended to.
  core::append_result append(const core::run_id& run,
                             std::vector<core::event> events) override;
  void when_durable(std::uint64_t ticket, durable_fn then) override;
  std::vector<core::event_ptr> read(const core::run_id& run,
                                    std::uint64_t after,
                                    std::size_t events_max) const override;
  void begin(const core::run_id& run, core::run_source_ptr source) override;
  bool may_hold(const core::run_id& run) const override;
  /// History is kept: does what `release` does.
  void forget(const core::run_id& run) override;
  void release(const core::run_id& run) override;

  /// As `read`, of a run that this process works on: never touches the file.
  /// Nothing when it works on no such run.
  std::optional<std::vector<core::event_ptr>>
  live(const core::run_id& run, std::uint64_t after,
       std::size_t events_max) const;

  // -- continuing runs; these block for a transaction -------------------------

  /// Makes this process the owner of a run that has not ended, and of the runs
  /// nested in it. `owned` says which process has it; `corrupt` that its log is
  /// damaged.
  result<claimed_run> claim(const core::run_id& run);

  /// Claims what has not ended and nobody works on, the oldest first, nested
  /// runs with those above them. Damaged logs are left out and told in
  /// `faults`. What `wanted` says no to is left alone; it is asked before the
  /// log is read; empty: all.
  using claim_filter =
      std::function<bool(const core::run_summary&, const core::run_source&)>;
  result<std::vector<claimed_run>>
  claim_unfinished(std::size_t runs_max, std::vector<fault>& faults,
                   const claim_filter& wanted = {});

  // -- ceilings per day -------------------------------------------------------

  /// Sets a life's slice aside, or says by how much it does not fit
  /// (`over_ceiling`). What a run spent counts on the day on which the life
  /// began that spent it. The day never goes back, whatever the clock does.
  /// Blocks for a transaction.
  std::optional<fault> reserve_for_day(const day_request& request);

  // -- requests that are made again -------------------------------------------

  /// Remembers a request, or finds the one that came before with its key.
  /// Durable when it returns: whoever dies before the run began and is asked
  /// again finds a run id that has no run yet, and begins that run. Blocks for
  /// a transaction.
  result<remembered_request> remember(const keyed_request& request);

  // -- upkeep -----------------------------------------------------------------

  /// Deletes these runs, their events and the documents that no other run
  /// has. Runs that have not ended, or that a process owns, are left alone.
  /// Returns how many went. Blocks; looking for the documents takes time with
  /// every run that there is, so it can be left to a later call.
  result<std::size_t> prune(const std::vector<core::run_id>& runs,
                            bool with_documents = true);

  /// What the run's last life may spend of its day ends with what it has spent:
  /// it stands still, or has not begun. Blocks for a transaction.
  std::optional<fault> close_day_slice(const core::run_id& run);

  /// What this process calls itself in the directory: its runs are marked with
  /// it, and `DIRECTORY/owners` has a file of that name.
  const std::string& owner() const;

  write_counts counts() const;

  /// Why the last write failed; empty: it did not.
  std::string last_fault() const;

private:
  struct impl;

  explicit sqlite_journal(std::unique_ptr<impl> parts);

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::store
