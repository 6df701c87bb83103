/// What all actors of one run share; never changes.
#pragma once

#include "brigade/actors/interfaces.hpp"
#include "brigade/core/model/provider.hpp"
#include "brigade/core/run/journal.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::actors {

/// Where the calls of a model go.
struct model_route {
  std::shared_ptr<core::provider> provider;
  /// The provider's gateway when the run began; null: it had none.
  gateway_actor gateway;
};

/// The events of a run's earlier lives.
using past_events = std::shared_ptr<const std::vector<core::event_ptr>>;

struct run_context {
  core::run_id run;
  /// Unique in the process: tells the runs' tries and timers apart.
  std::uint64_t serial = 0;
  core::crew_ptr crew;
  core::journal_ptr journal;
  /// By the model's alias.
  std::map<std::string, model_route, std::less<>> routes;
  /// Where nested runs go.
  brigade_actor brigade;
  /// Set when the till has died without closing.
  std::shared_ptr<std::atomic<bool>> revoked =
      std::make_shared<std::atomic<bool>>(false);
  /// The life of the run's orchestrator.
  std::uint32_t epoch = 1;
  /// Unix time in ms, for people.
  std::function<std::int64_t()> wall_ms;
  /// Seeds the jitter of this run.
  std::uint64_t seed = 0;
  /// When the run began; what it waited before that counts for no limit.
  caf::actor_clock::time_point started;

  /// Run time: ms since the run was accepted.
  std::int64_t run_ms(caf::actor_clock::time_point at) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at - started)
        .count();
  }

  caf::actor_clock::time_point time_point_of(std::int64_t run_ms_value) const {
    return started + std::chrono::milliseconds{run_ms_value};
  }

  core::try_id try_of(core::call_id call) const {
    return core::try_id{(serial << call_id_bits)
                        | static_cast<std::uint64_t>(call)};
  }

  core::event stamp(core::event_body body,
                    caf::actor_clock::time_point at) const {
    return {0, wall_ms(), run_ms(at), std::move(body)};
  }

  /// Serialises a request: from here on its price and limits are fixed. Null
  /// when the model has no route.
  std::shared_ptr<const core::prepared_call>
  prepare(const core::model_request& request) const;

  /// The same for a nested run.
  static std::shared_ptr<const core::prepared_call>
  prepare(const std::shared_ptr<const core::run_order>& nested);
};

/// The run's till has died: nothing more is sent for it, and what is under way
/// is ended.
void revoke(const run_context& run);

using run_context_ptr = std::shared_ptr<const run_context>;

/// A small seeded generator for jitter: uniform in [0, 1).
std::function<double()> make_jitter(std::uint64_t seed);

} // namespace brigade::actors
