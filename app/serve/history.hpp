/// Runs as they are and were, read from the journal. Thread-safe.
#pragma once

#include "brigade/net/api/backend.hpp"
#include "brigade/store/archive.hpp"
#include "brigade/store/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace brigade::app::serve {

using run_log = std::shared_ptr<const std::vector<core::event_ptr>>;

class history {
public:
  history(std::string directory, std::shared_ptr<store::sqlite_journal> journal,
          std::size_t threads);
  ~history();

  history(const history&) = delete;
  history& operator=(const history&) = delete;

  // All of these block; `thread` is the caller's number, below `threads`.

  /// The fold of a run's events, with nobody's leave.
  std::variant<net::api::run_view, net::api::refusal>
  look(std::size_t thread, const core::run_id& run);

  /// The events above `after`, at most a page of them.
  std::variant<std::vector<core::event_ptr>, net::api::refusal>
  page(std::size_t thread, const core::run_id& run, std::uint64_t after);

  std::variant<std::vector<net::api::run_line>, net::api::refusal>
  list(std::size_t thread, const std::string& client,
       const net::api::list_query& query);

  /// Nothing is kept of this run in memory.
  void forget(const core::run_id& run);

  /// Ids of ended runs that are older than this Unix time in ms.
  std::vector<core::run_id>
  ended_before(std::size_t thread, std::int64_t wall_ms, std::size_t runs_max);

private:
  std::variant<run_log, net::api::refusal> log(std::size_t thread,
                                               const core::run_id& run);
  store::archive* archive_of(std::size_t thread);
  void keep(const core::run_id& run, const run_log& log);
  run_log kept(const core::run_id& run);

  std::string directory_;
  std::shared_ptr<store::sqlite_journal> journal_;
  std::vector<std::optional<store::archive>> archives_;

  /// Logs of ended runs that were asked for lately: many may follow the same
  /// one, and each page of it would be checked from its beginning.
  struct kept_log {
    core::run_id run;
    run_log log;
    std::size_t bytes = 0;
  };
  std::mutex mutex_;
  std::list<kept_log> kept_;
  std::size_t kept_bytes_ = 0;
};

} // namespace brigade::app::serve
