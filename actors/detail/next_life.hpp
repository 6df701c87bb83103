/// What another life of a run begins with: what earlier lives left, and what is
/// written before anything else happens.
///
/// INTERNAL: included by the brigade's sources only.
#pragma once

#include "brigade/actors/detail/brigade_runs.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brigade::actors::detail {

/// A nested run that was going when its parent's actors ended.
struct nested_life {
  core::run_order order;
  core::call_id call{};
  /// As for the run above.
  bool changes_accepted = false;
};

/// The events that earlier lives left, and what is written before the next one.
struct next_life {
  std::shared_ptr<run_context> context;
  std::vector<core::event_ptr> past;
  core::run_state state;
  std::vector<core::event> news;
  std::vector<nested_life> nested;
};

/// How a run goes on.
struct way_on {
  /// For the event.
  std::string reason;
  bool changes_accepted = false;
  /// Somebody asked for it: what the run stood still counts for no limit.
  bool taken_up = false;
  /// Nothing but its submission is written: it has had no life.
  bool first = false;
};

/// How a user's message lets it go on.
way_on way_of(const resume_run& asked);

/// Whether it is only to end: it then needs neither money nor a place.
bool only_ends(const resume_run& asked);

/// Why a run cannot go on so, or nothing.
std::optional<std::string> fault_of_resume(const brigade_state& st,
                                           const resume_run& asked);

/// A life that ends before its decision is durable leaves it to the next one.
std::optional<core::approval_decision>
decision_for(const brigade_state::live_run& run, const core::run_state& state);

/// What is written before another life: that the run goes on, and how every
/// call ended that was in flight.
void write_news(self_ptr self, const brigade_state::live_run& run,
                const way_on& way, next_life& life);

} // namespace brigade::actors::detail
