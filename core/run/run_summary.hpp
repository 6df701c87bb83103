/// One line about a run: what a list of runs shows. A fold of its events that
/// keeps no texts, so that a back end can hold it for every run.
#pragma once

#include "brigade/core/run/event.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace brigade::core {

struct run_summary {
  run_id id;
  run_status status = run_status::running;
  std::string reason;
  /// At most `summary_goal_bytes_max` bytes of it, cut between characters.
  std::string goal;
  std::string crew;
  /// Whose run it is; empty: of the command line.
  std::string client;
  pico_usd ceiling;
  pico_usd spent;
  /// Set aside for calls in flight, at their worst case.
  pico_usd in_flight;
  std::uint32_t calls = 0;
  std::uint32_t tasks = 0;
  std::uint32_t tasks_succeeded = 0;
  /// Unix times in ms, for people: of the first event and of the last.
  std::int64_t submitted_wall_ms = 0;
  std::int64_t updated_wall_ms = 0;
  /// Run time of the last event in ms: how long it has worked.
  std::int64_t worked_ms = 0;
  /// The run above, or empty.
  std::string parent_run;
  std::uint32_t epoch = 1;
  std::uint64_t last_seq = 0;

  friend bool operator==(const run_summary&, const run_summary&) = default;
};

/// At most `bytes_max` of a text, never up to the middle of a character.
std::string beginning_of(std::string_view text, std::size_t bytes_max);

/// What a list shows of a goal.
inline constexpr std::size_t summary_goal_bytes_max = 200;

/// Folds events into a summary. Events come in sequence, each once.
class summary_fold {
public:
  explicit summary_fold(run_id id) { summary_.id = std::move(id); }

  void apply(const event& e);

  const run_summary& summary() const { return summary_; }

private:
  run_summary summary_;
  std::map<call_id, pico_usd> open_;
};

} // namespace brigade::core
