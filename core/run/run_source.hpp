/// What a run is made from, besides its events: kept so that it can be
/// continued, exported and repeated where nothing else is left of it.
#pragma once

#include "brigade/core/run/input.hpp"

#include <memory>
#include <optional>
#include <string>

namespace brigade::core {

struct run_source {
  /// The crew's JSON form (`crew_to_json`).
  std::string crew;
  input_set_ptr inputs;
  /// A plan that was given instead of asking the planner.
  std::optional<std::string> plan_text;
  bool plan_only = false;
  /// Where a front end took all this from, in a JSON form of its own; nothing
  /// here reads it. Holds no secret.
  std::string origin;
};

struct crew;

/// The source of a run of this crew over these documents.
std::shared_ptr<const run_source> make_run_source(const crew& made_by,
                                                  input_set_ptr inputs);

using run_source_ptr = std::shared_ptr<const run_source>;

} // namespace brigade::core
