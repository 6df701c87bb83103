/// The JSON form of a crew: what a run's journal keeps of it, and by what a
/// crew is recognised again. It holds every setting that decides what a run
/// does, and no secret: a crew has none.
#pragma once

#include "brigade/core/crew/crew.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// Crews inside one another that are read: a worker's crew, its worker's crew
/// and so on. 0 would be a crew without nested ones.
inline constexpr std::size_t crew_nesting_max = 8;

/// Objects and arrays inside one another in such a crew: crew, models, model,
/// price, tiers, tier, prices; a nested crew lies in crew, workers, worker.
inline constexpr std::size_t crew_json_depth_max = 7 + 3 * crew_nesting_max;

/// The longest text that is read.
inline constexpr std::size_t crew_json_bytes_max = 16'777'216;

/// One line of JSON with every member, in a fixed order; money is a decimal
/// string. Equal crews give equal bytes, and each difference shows.
std::string crew_to_json(const crew& c);

/// Reads that form; nothing when it is not exactly that: a member that is
/// missing, twice there or not known, or a value of another type. The order of
/// the members and white space do not matter. Whether such a crew can work is
/// not checked.
std::optional<crew> crew_from_json(std::string_view text);

/// SHA-256 of `crew_to_json`, in hex.
std::string crew_hash(const crew& c);

} // namespace brigade::core
