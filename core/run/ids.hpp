/// Names of runs and calls.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace brigade::core {

/// Names a run: a ULID, 26 characters of Crockford base32, sortable by time.
/// Source: github.com/ulid/spec.
struct run_id {
  std::string text;

  friend auto operator<=>(const run_id&, const run_id&) = default;
};

/// Builds a run id. 80 random bits make it unguessable enough for a name; it
/// is not a secret.
run_id make_run_id(std::int64_t unix_ms,
                   const std::array<std::uint8_t, 10>& random);

/// Whether `text` has the form of a run id.
bool is_run_id(std::string_view text);

/// Finds a call again: the structural path and the generation of the result.
/// Crash, timeout and doubt keep the key and add a try under it.
struct call_key {
  /// `plan`, `task/ID` or `synth`.
  std::string path;
  /// Rises only when a *result* was rejected.
  std::uint32_t generation = 0;
  /// The step inside one subtask.
  std::uint32_t step = 0;

  friend auto operator<=>(const call_key&, const call_key&) = default;
};

/// `task/t3#1.0`: path, generation, step.
std::string to_string(const call_key& key);

/// The id of the nested run that is try `try_no` of a call: derived, so that it
/// is found again. Its time part is the parent's.
run_id nested_run_id(const run_id& parent, const call_key& key,
                     std::uint32_t try_no);

/// Names one try of a call within its run: 1, 2, 3 ... in order of intent.
enum class call_id : std::uint64_t {};

} // namespace brigade::core

template <>
struct std::hash<brigade::core::run_id> {
  std::size_t operator()(const brigade::core::run_id& id) const noexcept {
    return std::hash<std::string>{}(id.text);
  }
};
