/// What is said over the control socket of a process that works on runs: one
/// line of JSON asks, one line answers. Pure.
///
///     {"do":"cancel","run":"01J...","comment":"not today"}
///     {"ok":false,"code":"not_here","message":"...","faults":[]}
#pragma once

#include "brigade/core/plan/plan.hpp"
#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/ids.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// The longest plan that is taken, from a file too.
inline constexpr std::size_t edited_plan_bytes_max = 1'048'576;

/// The longest line of either side: a plan inside JSON may need more than its
/// own bytes, and is then refused.
inline constexpr std::size_t control_line_bytes_max =
    edited_plan_bytes_max + 65'536;

struct control_request {
  core::run_id run;
  /// `approve`, with a plan to work on instead if it has one; `reject`; or
  /// `cancel`. Never `expire`.
  core::approval_decision decision;
};

struct control_answer {
  bool ok = true;
  /// Stable, when it is not ok: `bad_request`, `not_here`, `not_waiting`,
  /// `plan_faults`, `failed`.
  std::string code{};
  /// One sentence for people.
  std::string message{};
  /// With `plan_faults`: everything that is wrong with the plan.
  std::vector<core::plan_fault> faults{};

  friend bool operator==(const control_answer&,
                         const control_answer&) = default;
};

/// Without the line end.
std::string to_line(const control_request& request);
std::string to_line(const control_answer& answer);

/// Nothing when the line is not exactly of that form. Who asks is never taken
/// from it: `by` stays empty.
std::optional<control_request> parse_control_request(std::string_view line);
std::optional<control_answer> parse_control_answer(std::string_view line);

} // namespace brigade::app
