/// Approval of plans: a run of a crew with `approval = "plan"` is suspended
/// once its plan is accepted, and goes on with somebody's decision.
#pragma once

#include "brigade/core/plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

struct run_order;
struct run_state;

/// `run.suspended` and the report say so while a run waits.
inline constexpr std::string_view approval_reason = "approval";

/// A longer comment is cut, between characters.
inline constexpr std::size_t approval_comment_bytes_max = 4'096;

enum class decision_kind : std::uint8_t {
  /// The plan is worked on: the proposed one, or the one that is given instead.
  approve,
  /// The run ends `cancelled`, reason `approval_rejected`.
  reject,
  /// Nobody decided in time: `cancelled`, reason `approval_expired`.
  expire,
  /// Whatever the run was doing, it ends `cancelled`, reason `cancelled`, and
  /// nothing more is bought. The only one that a run takes which does not wait.
  cancel,
};

/// What somebody decides about a run that stands still.
struct approval_decision {
  decision_kind kind = decision_kind::approve;
  /// Who: the name of a client; empty: whoever uses the command line.
  std::string by;
  /// For people; may be empty.
  std::string comment;
  /// With `approve`: the plan to work on instead. Check it first with
  /// `check_edited_plan`: one that has faults ends the run.
  std::optional<std::string> plan_text;
};

/// Whether a run of this order will wait for approval: its crew or the order
/// itself says so. Nested runs never do, the run above them was approved; nor
/// does a run that ends with its plan.
bool asks_approval(const run_order& order);

/// What is wrong with a plan that is to take the place of the one that waits:
/// exactly what the run would find, by the crew's rules and by what is left
/// of its ceilings. Empty: it can be approved. `past` is the fold of the run's
/// events.
std::vector<plan_fault> check_edited_plan(const run_order& order,
                                          const run_state& past,
                                          std::string_view text);

/// The Unix time in ms from which on nobody may approve any more, restarts
/// included; nothing: it does not wait.
std::optional<std::int64_t> approval_expires_wall_ms(const run_state& state);

} // namespace brigade::core
