/// The thread that writes: all runs' appends in groups, and what must be done
/// between them.
///
/// INTERNAL: included by the sources of `store` only.
#pragma once

#include "brigade/core/run/journal.hpp"
#include "brigade/store/detail/database.hpp"
#include "brigade/store/detail/live_runs.hpp"
#include "brigade/store/detail/log.hpp"
#include "brigade/store/sqlite.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace brigade::store::detail {

class writer {
public:
  /// What is done between two groups; null: the file cannot be opened now.
  using task = std::function<void(SQLite::Database*)>;

  writer(const sqlite_journal_options& options, std::string owner,
         live_runs& runs, database_ptr db);

  /// Writes what waits, then ends the thread.
  ~writer();

  core::append_result append(const core::run_id& run,
                             std::vector<core::event> events);

  void when_durable(std::uint64_t ticket, core::journal::durable_fn then);

  /// Runs `what` on the thread and returns when it is done.
  void perform(const task& what);

  /// Nobody owns this run of ours any more, once what waits of it is written.
  void give_up(std::shared_ptr<live_run> run);

  write_counts counts() const;
  std::string last_fault() const;

private:
  struct pending {
    std::uint64_t ticket = 0;
    /// Null: nobody said what it is made from, or claimed it.
    std::shared_ptr<live_run> run;
    std::vector<core::event> events;
    bool failed = false;
  };

  using job = std::variant<pending, task>;

  /// The appends of one run in a group.
  struct share {
    std::shared_ptr<live_run> run;
    std::vector<pending*> appends;
    /// Their events once they are written, to be told when they are durable.
    std::vector<core::event_ptr> written;
    bool failed = false;
  };

  void work();
  bool connect();
  void write(std::vector<pending>& group);
  std::vector<share> shares_of(std::vector<pending>& group);
  void write_share(share& part);
  bool begin_run(live_run& run, const core::event& first);
  bool is_owned(std::int64_t row);
  void update_run(const live_run& run, bool owned);
  void finish(std::vector<pending>& group, std::vector<share>& parts,
              bool committed);
  void free(const live_run& run);
  void drop_connection(const std::string& why);

  const std::string directory_;
  const std::string vfs_;
  const std::string owner_;
  const std::size_t queue_events_max_;
  const std::size_t batch_events_max_;
  const core::event_listener listener_;
  live_runs& runs_;

  // -- touched by the thread only ---------------------------------------------
  database_ptr db_;
  std::optional<event_writer> events_;
  std::optional<SQLite::Statement> check_owner_;
  std::optional<SQLite::Statement> update_;

  // -- shared -----------------------------------------------------------------
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::deque<job> queue_;
  std::size_t events_queued_ = 0;
  bool waiting_ = false;
  bool stop_ = false;
  std::uint64_t last_ticket_ = 0;
  std::unordered_map<std::uint64_t, core::journal::durable_fn> callbacks_;
  std::unordered_map<std::uint64_t, core::append_status> ended_;
  write_counts counts_;
  std::string last_fault_;

  std::thread thread_;
};

} // namespace brigade::store::detail
