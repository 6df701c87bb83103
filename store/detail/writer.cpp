#include "brigade/store/detail/writer.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <pthread.h>
#include <utility>

namespace brigade::store::detail {

writer::writer(const sqlite_journal_options& options, std::string owner,
               live_runs& runs, database_ptr db)
    : directory_(options.directory), vfs_(options.vfs),
      owner_(std::move(owner)), queue_events_max_(options.queue_events_max),
      batch_events_max_(options.batch_events_max), listener_(options.listener),
      runs_(runs), db_(std::move(db)) {
  thread_ = std::thread{[this] { work(); }};
}

writer::~writer() {
  {
    std::lock_guard guard{mutex_};
    stop_ = true;
  }
  news_.notify_one();
  thread_.join();
}

// -- from any thread ----------------------------------------------------------

core::append_result writer::append(const core::run_id& run,
                                   std::vector<core::event> events) {
  bool wake = false;
  // What is appended before a run is given up is written after it.
  auto live = runs_.find(run);
  core::append_result result{core::append_status::pending, 0};
  {
    std::lock_guard guard{mutex_};
    if (events_queued_ + events.size() > queue_events_max_ || stop_)
      return {core::append_status::failed, 0};
    events_queued_ += events.size();
    result.ticket = ++last_ticket_;
    queue_.emplace_back(
        pending{result.ticket, std::move(live), std::move(events)});
    wake = std::exchange(waiting_, false);
  }
  if (wake)
    news_.notify_one();
  return result;
}

void writer::when_durable(std::uint64_t ticket,
                          core::journal::durable_fn then) {
  core::append_status status;
  {
    std::lock_guard guard{mutex_};
    const auto ended = ended_.extract(ticket);
    if (ended.empty()) {
      callbacks_.insert_or_assign(ticket, std::move(then));
      return;
    }
    status = ended.mapped();
  }
  then(status);
}

void writer::perform(const task& what) {
  std::promise<void> done;
  {
    std::lock_guard guard{mutex_};
    queue_.emplace_back(task{[&what, &done](SQLite::Database* db) {
      what(db);
      done.set_value();
    }});
    waiting_ = false;
  }
  news_.notify_one();
  done.get_future().wait();
}

void writer::give_up(std::shared_ptr<live_run> run) {
  {
    std::lock_guard guard{mutex_};
    queue_.emplace_back(
        task{[this, run = std::move(run)](SQLite::Database* db) {
          // One that has ended has no owner already. One that stands still has
          // none either, unless it was claimed and not gone on with.
          const auto status = run->fold.summary().status;
          if (db != nullptr
              && (status == core::run_status::running
                  || status == core::run_status::suspended || run->stale))
            free(*run);
        }});
    waiting_ = false;
  }
  news_.notify_one();
}

write_counts writer::counts() const {
  std::lock_guard guard{mutex_};
  return counts_;
}

std::string writer::last_fault() const {
  std::lock_guard guard{mutex_};
  return last_fault_;
}

// -- on the thread ------------------------------------------------------------

void writer::work() {
  ::pthread_setname_np(::pthread_self(), "brigade.journal");
  for (;;) {
    std::vector<pending> group;
    task next;
    {
      std::unique_lock guard{mutex_};
      waiting_ = queue_.empty();
      news_.wait(guard, [this] { return !queue_.empty() || stop_; });
      waiting_ = false;
      if (queue_.empty())
        return;
      std::size_t events = 0;
      while (!queue_.empty() && events < batch_events_max_) {
        auto* append = std::get_if<pending>(&queue_.front());
        if (append == nullptr)
          break;
        events += append->events.size();
        group.push_back(std::move(*append));
        queue_.pop_front();
      }
      events_queued_ -= events;
      if (group.empty()) {
        next = std::move(std::get<task>(queue_.front()));
        queue_.pop_front();
      }
    }
    if (next)
      next(connect() ? db_.get() : nullptr);
    else
      write(group);
  }
}

/// Opens the file again where a fault has closed it.
bool writer::connect() {
  if (!db_) {
    auto opened = open_to_write(directory_, vfs_);
    if (!opened) {
      drop_connection(opened.error().message);
      return false;
    }
    db_ = std::move(*opened);
  }
  if (events_)
    return true;
  try {
    events_.emplace(*db_);
    check_owner_.emplace(*db_, "SELECT 1 FROM runs WHERE id = ? AND owner = ?");
    update_.emplace(
        *db_,
        "UPDATE runs SET status = ?, reason = ?, ceiling_pico = ?, "
        "spent_pico = ?, in_flight_pico = ?, calls = ?, tasks = ?, "
        "tasks_succeeded = ?, updated_wall_ms = ?, worked_ms = ?, epoch = ?, "
        "last_seq = ?, chain = ?, owner = ? WHERE id = ?");
  } catch (const SQLite::Exception& error) {
    drop_connection(fault_of(error, journal_path(directory_)).message);
    return false;
  }
  return true;
}

/// What the file holds after a fault is not known: it is opened anew.
void writer::drop_connection(const std::string& why) {
  events_.reset();
  check_owner_.reset();
  update_.reset();
  db_.reset();
  std::lock_guard guard{mutex_};
  last_fault_ = why;
}

std::vector<writer::share> writer::shares_of(std::vector<pending>& group) {
  std::vector<share> parts;
  std::unordered_map<live_run*, std::size_t> places;
  for (auto& append : group) {
    // An append of nothing only waits for those before it.
    if (append.events.empty())
      continue;
    const auto [place, is_new] = places.emplace(append.run.get(), parts.size());
    if (is_new)
      parts.push_back({append.run, {}, {}, !append.run || append.run->stale});
    parts[place->second].appends.push_back(&append);
  }
  return parts;
}

void writer::write(std::vector<pending>& group) {
  auto parts = shares_of(group);
  bool committed = false;
  if (connect()) {
    try {
      const bool any = std::any_of(parts.begin(), parts.end(),
                                   [](const auto& p) { return !p.failed; });
      if (any) {
        db_->exec("BEGIN IMMEDIATE");
        for (auto& part : parts)
          if (!part.failed)
            write_share(part);
        db_->exec("COMMIT");
      }
      committed = true;
    } catch (const SQLite::Exception& error) {
      drop_connection(fault_of(error, journal_path(directory_)).message);
    }
  }
  finish(group, parts, committed);
}

/// All that one run appended, in the transaction of the group.
void writer::write_share(share& part) {
  auto& run = *part.run;
  const auto& first = part.appends.front()->events.front();
  if (run.row == 0 ? !begin_run(run, first) : !is_owned(run.row)) {
    part.failed = true;
    return;
  }
  auto seq = run.fold.summary().last_seq;
  for (auto* append : part.appends)
    for (auto& e : append->events) {
      e.seq = ++seq;
      auto kept = std::make_shared<const core::event>(std::move(e));
      events_->insert(run.row, *kept, run.chain, run.texts);
      run.fold.apply(*kept);
      part.written.push_back(std::move(kept));
    }
  // Nobody owns a run that has ended or stands still.
  const auto& last = part.written.back()->body;
  update_run(run,
             !std::holds_alternative<core::events::run_finished>(last)
                 && !std::holds_alternative<core::events::run_suspended>(last));
}

/// False when the journal knows the run already.
bool writer::begin_run(live_run& run, const core::event& first) {
  const auto& id = run.fold.summary().id;
  core::run_source nothing;
  const auto& source = run.source ? *run.source : nothing;
  const auto text = source_text(source);
  run.chain = chain_start(id, text);
  // What the first event says; the rest follows from the update.
  core::summary_fold begun{id};
  begun.apply(first);
  const auto& row = begun.summary();
  SQLite::Statement insert{
      *db_, "INSERT INTO runs(run, parent_run, status, reason, goal, crew, "
            "ceiling_pico, spent_pico, in_flight_pico, calls, tasks, "
            "tasks_succeeded, submitted_wall_ms, updated_wall_ms, worked_ms, "
            "epoch, last_seq, chain, owner, client) VALUES(?, ?, 'running', "
            "'', ?, ?, ?, 0, 0, 0, 0, 0, ?, ?, 0, 1, 0, ?, ?, ?) ON CONFLICT "
            "DO NOTHING"};
  insert.bind(1, row.id.text);
  insert.bind(2, row.parent_run);
  insert.bind(3, row.goal);
  insert.bind(4, row.crew);
  insert.bind(5, row.ceiling.value);
  insert.bind(6, row.submitted_wall_ms);
  insert.bind(7, row.updated_wall_ms);
  insert.bind(8, run.chain.data(), static_cast<int>(run.chain.size()));
  insert.bind(9, owner_);
  insert.bind(10, row.client);
  if (insert.exec() == 0)
    return false;
  run.row = db_->getLastInsertRowid();
  write_source(*db_, run.row, source, text);
  run.source.reset();
  return true;
}

/// A run that another process took over is not written to any more.
bool writer::is_owned(std::int64_t row) {
  check_owner_->reset();
  check_owner_->bind(1, row);
  check_owner_->bindNoCopy(2, owner_);
  const bool owned = check_owner_->executeStep();
  check_owner_->reset();
  return owned;
}

void writer::free(const live_run& run) {
  try {
    SQLite::Statement update{
        *db_, "UPDATE runs SET owner = NULL WHERE run = ? AND owner = ?"};
    update.bindNoCopy(1, run.fold.summary().id.text);
    update.bindNoCopy(2, owner_);
    update.exec();
  } catch (const SQLite::Exception& error) {
    // It is free when this process ends.
    drop_connection(fault_of(error, journal_path(directory_)).message);
  }
}

void writer::update_run(const live_run& run, bool owned) {
  const auto& row = run.fold.summary();
  const std::string status{core::to_string(row.status)};
  auto& q = *update_;
  q.reset();
  q.bindNoCopy(1, status);
  q.bindNoCopy(2, row.reason);
  q.bind(3, row.ceiling.value);
  q.bind(4, row.spent.value);
  q.bind(5, row.in_flight.value);
  q.bind(6, row.calls);
  q.bind(7, row.tasks);
  q.bind(8, row.tasks_succeeded);
  q.bind(9, row.updated_wall_ms);
  q.bind(10, row.worked_ms);
  q.bind(11, row.epoch);
  q.bind(12, static_cast<std::int64_t>(row.last_seq));
  q.bindNoCopy(13, run.chain.data(), static_cast<int>(run.chain.size()));
  if (owned)
    q.bindNoCopy(14, owner_);
  else
    q.bind(14);
  q.bind(15, run.row);
  q.exec();
}

void writer::finish(std::vector<pending>& group, std::vector<share>& parts,
                    bool committed) {
  std::size_t events = 0;
  for (auto& part : parts) {
    const bool failed = part.failed || !committed;
    if (failed) {
      if (part.run)
        part.run->stale = true;
      for (auto* append : part.appends)
        append->failed = true;
      continue;
    }
    events += part.written.size();
    part.run->add(part.written);
    if (listener_)
      for (const auto& e : part.written)
        listener_(part.run->fold.summary().id, e);
  }
  std::vector<std::pair<core::journal::durable_fn, core::append_status>> told;
  {
    std::lock_guard guard{mutex_};
    ++counts_.transactions;
    counts_.appends += group.size();
    counts_.events += events;
    if (events > 0)
      last_fault_.clear();
    for (const auto& append : group) {
      // An append of nothing ends well: nothing of it can be missing.
      const auto status = append.failed ? core::append_status::failed
                                        : core::append_status::durable;
      auto waiting = callbacks_.extract(append.ticket);
      if (waiting.empty())
        ended_.emplace(append.ticket, status);
      else
        told.emplace_back(std::move(waiting.mapped()), status);
    }
  }
  for (auto& [then, status] : told)
    then(status);
}

} // namespace brigade::store::detail
