/// Looking into the journal of a state directory: what runs there are, their
/// events, and what they are made from. Reads only; any number of processes
/// may do so while others write.
#pragma once

#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_source.hpp"
#include "brigade/core/run/run_summary.hpp"
#include "brigade/store/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::store {

/// The journal's file within a state directory.
inline constexpr std::string_view journal_file_name = "journal.db";

/// Which runs a list shows.
struct list_filter {
  /// Only those with this status.
  std::optional<core::run_status> status;
  /// Only those of this crew; empty: of any.
  std::string crew;
  /// Only those whose goal holds this text, ASCII letters in any case.
  std::string goal_part;
  /// Only those submitted at or after this Unix time in ms.
  std::int64_t since_wall_ms = 0;
  /// Only those of this client; nothing: of anybody.
  std::optional<std::string> client;
  /// Only those older than this run, which may have been deleted since; empty:
  /// from the newest on.
  core::run_id before;
  /// Only those that have ended, the last event of which is older than this
  /// Unix time in ms; 0: any.
  std::int64_t ended_before_wall_ms = 0;
  /// Also runs that are nested in others.
  bool nested = false;
  /// The newest so many.
  std::size_t runs_max = 50;
};

struct listed_run {
  core::run_summary summary;
  /// Says who works on it now, for people: `process 4242`; empty: nobody.
  std::string owner;
  /// The same as that process calls itself (`sqlite_journal::owner`).
  std::string owner_name{};

  /// It has not ended and nobody works on it: it can be resumed.
  bool stands_still() const {
    return owner.empty()
           && (summary.status == core::run_status::running
               || summary.status == core::run_status::suspended);
  }
};

class archive {
public:
  /// `not_found` when there is no journal in `directory` yet.
  static result<archive> open(const std::string& directory);

  archive(archive&&) noexcept;
  archive& operator=(archive&&) noexcept;
  ~archive();

  /// The newest first.
  result<std::vector<listed_run>> list(const list_filter& filter) const;

  /// The run with this id, or the only one whose id begins so (at least 6
  /// characters, any case), or `last` for the newest.
  result<listed_run> find(std::string_view name) const;

  /// The events above sequence `after`, oldest first, at most `events_max`.
  /// Each is checked against the chain of hashes from the run's beginning:
  /// `corrupt` names the first that does not fit.
  result<std::vector<core::event_ptr>>
  events(const core::run_id& run, std::uint64_t after = 0,
         std::size_t events_max = SIZE_MAX) const;

  result<core::run_source> source(const core::run_id& run) const;

private:
  struct impl;

  explicit archive(std::unique_ptr<impl> parts);

  std::unique_ptr<impl> impl_;
};

} // namespace brigade::store
