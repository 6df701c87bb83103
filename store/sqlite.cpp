#include "brigade/store/sqlite.hpp"

#include "brigade/store/detail/claims.hpp"
#include "brigade/store/detail/day_ledger.hpp"
#include "brigade/store/detail/owner.hpp"
#include "brigade/store/detail/prune.hpp"
#include "brigade/store/detail/requests.hpp"
#include "brigade/store/detail/writer.hpp"

#include <SQLiteCpp/Transaction.h>

#include <exception>
#include <utility>

namespace brigade::store {

struct sqlite_journal::impl {
  impl(sqlite_journal_options opts, std::unique_ptr<detail::owner_lock> lock,
       detail::database_ptr db)
      : options(std::move(opts)), owner(std::move(lock)),
        thread(options, owner->name(), runs, std::move(db)) {
    // nop
  }

  std::string path() const { return detail::journal_path(options.directory); }

  /// Runs `what` on the writer's thread in one transaction.
  template <class Result, class What>
  Result transact(What what) {
    std::optional<Result> out;
    thread.perform([&](SQLite::Database* db) {
      if (db == nullptr) {
        out.emplace(fault{fault_code::io, thread.last_fault()});
        return;
      }
      try {
        db->exec("BEGIN IMMEDIATE");
        out.emplace(what(*db));
        db->exec(*out ? "COMMIT" : "ROLLBACK");
      } catch (const SQLite::Exception& error) {
        out.emplace(detail::fault_of(error, path()));
        db->tryExec("ROLLBACK");
      } catch (const std::exception& error) {
        out.emplace(fault{fault_code::corrupt,
                          path()
                              + ": what is stored there has an unknown form ("
                              + error.what() + ")"});
        db->tryExec("ROLLBACK");
      }
    });
    return std::move(*out);
  }

  const sqlite_journal_options options;
  const std::unique_ptr<detail::owner_lock> owner;
  detail::live_runs runs;
  /// For logs of runs that this process does not work on.
  mutable std::mutex reading;
  mutable detail::database_ptr reader;
  /// Last: its end writes what waits.
  detail::writer thread;
};

result<std::shared_ptr<sqlite_journal>>
sqlite_journal::open(sqlite_journal_options options) {
  auto db = detail::open_to_write(options.directory, options.vfs);
  if (!db)
    return db.error();
  auto lock = detail::owner_lock::take(options.directory);
  if (!lock)
    return lock.error();
  return std::shared_ptr<sqlite_journal>{
      new sqlite_journal{std::make_unique<impl>(
          std::move(options), std::move(*lock), std::move(*db))}};
}

sqlite_journal::sqlite_journal(std::unique_ptr<impl> parts)
    : impl_(std::move(parts)) {
  // nop
}

sqlite_journal::~sqlite_journal() = default;

core::append_result sqlite_journal::append(const core::run_id& run,
                                           std::vector<core::event> events) {
  return impl_->thread.append(run, std::move(events));
}

void sqlite_journal::when_durable(std::uint64_t ticket, durable_fn then) {
  impl_->thread.when_durable(ticket, std::move(then));
}

std::optional<std::vector<core::event_ptr>>
sqlite_journal::live(const core::run_id& run, std::uint64_t after,
                     std::size_t events_max) const {
  const auto found = impl_->runs.find(run);
  if (!found)
    return std::nullopt;
  return found->events_after(after, events_max);
}

std::vector<core::event_ptr>
sqlite_journal::read(const core::run_id& run, std::uint64_t after,
                     std::size_t events_max) const {
  if (const auto live = impl_->runs.find(run))
    return live->events_after(after, events_max);
  std::lock_guard guard{impl_->reading};
  if (!impl_->reader) {
    auto db =
        detail::open_to_read(impl_->options.directory, impl_->options.vfs);
    if (!db)
      return {};
    impl_->reader = std::move(*db);
  }
  try {
    // A log and its end fit together while its owner writes.
    SQLite::Transaction whole{*impl_->reader};
    const auto row = detail::find_run(*impl_->reader, run);
    if (!row)
      return {};
    auto log = detail::log_reader{*impl_->reader, impl_->path()}.log(*row);
    if (!log || log->size() <= after)
      return {};
    log->erase(log->begin(), log->begin() + static_cast<std::ptrdiff_t>(after));
    if (log->size() > events_max)
      log->resize(events_max);
    return std::move(*log);
  } catch (const SQLite::Exception&) {
    impl_->reader.reset();
    return {};
  }
}

bool sqlite_journal::may_hold(const core::run_id& run) const {
  std::lock_guard guard{impl_->reading};
  if (!impl_->reader) {
    auto db =
        detail::open_to_read(impl_->options.directory, impl_->options.vfs);
    if (!db)
      return true;
    impl_->reader = std::move(*db);
  }
  try {
    return detail::find_run(*impl_->reader, run).has_value();
  } catch (const SQLite::Exception&) {
    impl_->reader.reset();
    return true;
  }
}

void sqlite_journal::begin(const core::run_id& run,
                           core::run_source_ptr source) {
  auto live = std::make_shared<detail::live_run>(run);
  live->source = std::move(source);
  impl_->runs.add(run, std::move(live));
}

void sqlite_journal::forget(const core::run_id& run) {
  release(run);
}

void sqlite_journal::release(const core::run_id& run) {
  if (auto live = impl_->runs.drop(run))
    impl_->thread.give_up(std::move(live));
}

result<claimed_run> sqlite_journal::claim(const core::run_id& run) {
  return impl_->transact<result<claimed_run>>([&](SQLite::Database& db) {
    detail::claimant who{db, impl_->options.directory, impl_->owner->name(),
                         impl_->runs};
    return detail::claim(who, run);
  });
}

result<std::vector<claimed_run>>
sqlite_journal::claim_unfinished(std::size_t runs_max,
                                 std::vector<fault>& faults,
                                 const claim_filter& wanted) {
  return impl_->transact<result<std::vector<claimed_run>>>(
      [&](SQLite::Database& db) {
        detail::claimant who{db, impl_->options.directory, impl_->owner->name(),
                             impl_->runs};
        return detail::claim_unfinished(who, runs_max, faults, wanted);
      });
}

std::optional<fault>
sqlite_journal::reserve_for_day(const day_request& request) {
  const auto done = impl_->transact<result<bool>>([&](SQLite::Database& db) {
    return detail::reserve_for_day(db, impl_->options.directory,
                                   impl_->owner->name(), request);
  });
  if (done)
    return std::nullopt;
  return done.error();
}

result<remembered_request>
sqlite_journal::remember(const keyed_request& request) {
  return impl_->transact<result<remembered_request>>(
      [&](SQLite::Database& db) -> result<remembered_request> {
        return detail::remember(db, request);
      });
}

result<std::size_t> sqlite_journal::prune(const std::vector<core::run_id>& runs,
                                          bool with_documents) {
  // A transaction each: others write in between.
  std::size_t gone = 0;
  for (const auto& run : runs) {
    auto part = impl_->transact<result<std::size_t>>([&](SQLite::Database& db) {
      return detail::prune(db, impl_->options.directory, run);
    });
    if (!part)
      return part;
    gone += *part;
  }
  return impl_->transact<result<std::size_t>>([&](SQLite::Database& db) {
    if (with_documents && (gone != 0 || runs.empty()))
      detail::prune_documents(db);
    return gone;
  });
}

std::optional<fault> sqlite_journal::close_day_slice(const core::run_id& run) {
  const auto done = impl_->transact<result<bool>>([&](SQLite::Database& db) {
    const auto row = detail::find_run(db, run);
    detail::close_grants(db, run,
                         row ? row->summary.spent + row->summary.in_flight
                             : core::pico_usd{});
    return true;
  });
  if (done)
    return std::nullopt;
  return done.error();
}

const std::string& sqlite_journal::owner() const {
  return impl_->owner->name();
}

write_counts sqlite_journal::counts() const {
  return impl_->thread.counts();
}

std::string sqlite_journal::last_fault() const {
  return impl_->thread.last_fault();
}

} // namespace brigade::store
