/// Repeating a run from its document: what to run, what is answered to it, and
/// whether the outcome is the recorded one. Pure.
#pragma once

#include "brigade/core/run/recorded_replies.hpp"
#include "brigade/core/run/run_export.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::core {

/// What each time limit of a crew is in a replay, which computes and waits for
/// nobody: long enough never to be met.
inline constexpr std::int64_t replay_time_max_ms = 3'600'000;

struct replay {
  /// With the recorded id and the recorded crew, but for its times: they are
  /// in no request. Waits between tries are as short as they can be.
  run_order order;
  reply_script script;
  /// How the recorded run ended.
  run_state recorded;
};

/// Why a document cannot be repeated: a sentence for people.
using replay_refused = std::string;

/// The document must hold a crew and a run that has ended.
std::variant<replay, replay_refused> prepare_replay(const run_export& run);

/// What the replay did otherwise: status, plan or answer; a line each. Empty
/// when the answer is the recorded one, byte by byte.
std::vector<std::string> replay_differences(const run_state& recorded,
                                            const run_state& replayed);

/// Every model that a run of this crew can reach, nested crews included, by
/// that name of a provider; an alias only once, the outermost crew's.
std::vector<model_spec> models_of(const crew& c, std::string_view provider);

/// The providers of those models, each once.
std::vector<std::string> providers_of(const crew& c);

} // namespace brigade::core
