/// What differs between two crews, for people: asked when a run is to go on
/// with another crew than it began with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// More differences than this are counted and not listed.
inline constexpr std::size_t crew_changes_max = 100;

/// One line for each difference between two texts of `crew_to_json`, in their
/// order: a JSON Pointer into the newer one, the old value and the new one, or
/// what happened to it:
///
///     /limits/cost_usd: 0.5 -> 1
///     /workers/0/prompt: changed (812 -> 830 bytes)
///     /workers/2: added (pricer)
///     /workers/1: removed (reader)
///
/// Models and workers are found again by their names; the pointer of one that
/// was removed leads into the older text. Empty when nothing differs. Lines
/// hold no line ends, but other text of the crews.
std::vector<std::string> crew_changes(std::string_view before_json,
                                      std::string_view after_json);

} // namespace brigade::core
