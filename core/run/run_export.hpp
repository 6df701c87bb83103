/// A run in one self-contained JSON document: what it was made from, all its
/// events, and the runs nested in it. It can be sent to somebody else, looked
/// at and replayed there; nothing that it needs lies outside of it.
///
///     {"format": "brigade.run", "version": 1, "id": "01J...",
///      "crew": {...}, "inputs": [{"id", "name", "text"}, ...],
///      "plan_text": null, "plan_only": false, "origin": "",
///      "events": [...], "nested": [...]}
///
/// `crew` is the form of `crew_to_json`, or null when it is not known; an event
/// has the form of `to_json(event)`; a nested run has the same members but
/// `format` and `version`.
#pragma once

#include "brigade/core/json/read_fault.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/ids.hpp"
#include "brigade/core/run/run_source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

inline constexpr std::string_view run_export_format = "brigade.run";
inline constexpr std::uint32_t run_export_version = 1;

/// The longest document that is read. Reading takes a few times as much memory,
/// and at worst 16 times.
inline constexpr std::size_t run_export_bytes_max = 268'435'456;

/// Runs inside one another that are read; 0 would be a run without nested ones.
inline constexpr std::size_t run_export_nesting_max = 8;

/// Runs in one document, and inputs of each.
inline constexpr std::size_t run_export_runs_max = 10'000;
inline constexpr std::size_t run_export_inputs_max = 10'000;

struct run_export {
  run_id id;
  run_source source;
  /// From the first one on, in sequence.
  std::vector<event> events;
  /// The runs that calls of this one were (`call_intended::nested_run`).
  std::vector<run_export> nested;
};

/// One line of JSON. A crew that is no JSON object is written as null. Bytes of
/// names and messages that are not UTF-8 stand there as they are.
std::string to_json(const run_export& run);

struct run_export_reading {
  std::optional<run_export> value;
  /// Set when there is no value.
  read_fault fault;
};

/// Reads that form and nothing else: no member may be missing, unknown or there
/// twice, ids are ids of runs, events count 1, 2, 3 ..., texts of inputs are
/// texts. `crew` comes back as `crew_to_json` writes it. The document may come
/// from anybody.
run_export_reading run_export_from_json(std::string_view text);

} // namespace brigade::core
