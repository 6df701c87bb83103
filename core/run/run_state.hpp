/// The fold of a run's events: everything that can be seen of a run. The run
/// machine, the progress display and the report all read this one state, so
/// they cannot disagree.
#pragma once

#include "brigade/core/run/event.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brigade::core {

enum class task_status : std::uint8_t {
  /// Waits for its dependencies, a free slot or its next attempt.
  not_started,
  running,
  succeeded,
  failed,
  skipped,
  cancelled,
};

/// `not_started`, `running`, `succeeded`, ...
std::string_view to_string(task_status status);

inline bool is_terminal(task_status status) {
  return status != task_status::not_started && status != task_status::running;
}

/// The code of a subtask that waits for another attempt because the run's
/// actors ended while it was going.
inline constexpr const char* interrupted_code = "interrupted";

/// What is known of one subtask. Indexed like `plan::tasks`.
struct task_state {
  task_status status = task_status::not_started;
  /// Attempts started so far.
  std::uint32_t attempts = 0;
  /// Those of them that ended because the run's actors did: no failures.
  std::uint32_t interrupted = 0;
  shared_text result;
  /// Code and message of the last failure, kept while a retry is pending.
  std::string error_code;
  std::string error_message;
  /// Dependencies that did not succeed, for a skipped subtask.
  std::vector<std::string> missing;
  /// `at_ms` of the first start and of the end.
  std::optional<std::int64_t> started_ms;
  std::optional<std::int64_t> finished_ms;
  /// Settled calls of this subtask.
  usage tokens;
  pico_usd cost;
};

/// One try of one call. `settled` is false while it is in flight.
struct call_state {
  call_id id{};
  call_key key;
  call_role role = call_role::worker;
  std::string task;
  std::uint32_t attempt = 1;
  std::uint32_t try_no = 1;
  std::string model;
  pico_usd reserved;
  pico_usd worst_case;
  std::uint64_t reserved_tokens = 0;
  /// The nested run that this call is, or empty.
  std::string nested_run;
  pico_usd charged;
  usage tokens;
  /// The provider reported usage that was possible.
  bool usage_known = false;
  bool settled = false;
  bool in_doubt = false;
  outcome_code code = outcome_code::ok;
  std::string message;
  /// Set aside besides money and tokens: above 1 and 0 for a nested run only.
  std::uint64_t reserved_calls = 1;
  std::uint64_t reserved_tasks = 0;

  /// What it can cost above its reservation.
  pico_usd overshoot() const {
    return worst_case > reserved ? worst_case - reserved : pico_usd{0};
  }
};

/// Where a run is.
enum class run_phase : std::uint8_t {
  planning,
  working,
  synthesizing,
  finished,
};

struct run_state {
  run_phase phase = run_phase::planning;
  run_status status = run_status::running;
  std::string reason;
  std::string message;

  std::string goal;
  std::string crew;
  pico_usd ceiling;
  std::int64_t deadline_ms = 0;
  std::vector<input_info> inputs;
  std::optional<std::uint64_t> tokens_max;
  std::optional<std::uint64_t> calls_max;
  /// `strict` or `typical`.
  std::string estimate = "strict";
  /// `billed`, `worst_case` or `tokens_only`.
  std::string prices = "billed";
  /// The run that this one is nested in and its subtask, or empty.
  std::string parent_run;
  std::string parent_task;

  /// Set once accepted.
  std::shared_ptr<const core::plan> plan;
  /// Of the last rejected proposal; kept when a repair succeeded.
  std::vector<plan_fault> faults;
  std::uint32_t plans_rejected = 0;
  /// The last proposal that is not accepted: what a repair is asked for.
  shared_text proposal;
  pico_usd synthesis_share;

  std::vector<task_state> tasks;
  /// Places of the subtasks in the order of their ids, to find one by its id.
  std::vector<std::uint32_t> tasks_by_id;
  /// The subtask that was looked up last.
  std::uint32_t last_task = 0;
  std::vector<call_state> calls;
  /// Charged so far, and set aside for calls in flight.
  pico_usd spent;
  pico_usd reserved;
  usage tokens;
  /// The part of it that was charged in full, because nobody knows better.
  pico_usd charged_in_full;
  /// Counted against the ceiling on tokens.
  std::uint64_t spent_tokens = 0;
  /// The most by which calls in flight could have exceeded what was reserved
  /// for them: 0 unless `estimate` is `typical`.
  pico_usd overshoot_max;
  bool budget_breached = false;
  /// The model that billed more than was reserved first; empty: none.
  std::string breached_model;

  /// `llm` or `merge`; empty before `synthesis.started`.
  std::string synthesizer;
  /// `code: message` of `synthesis.failed`.
  std::string synthesis_error;
  shared_text answer;

  /// What `run.finished` will say once nothing is reserved any more.
  std::optional<events::run_ending> ending;
  /// The life of the run's actors: 1, and one more each time it is resumed.
  std::uint32_t epoch = 1;
  /// A changed crew or document was accepted in some life.
  bool changes_accepted = false;
  /// SHA-256 of the crew's JSON form; empty: not known.
  std::string crew_hash;
  /// Whose run it is; empty: of the command line.
  std::string client;
  /// `plan`, or empty.
  std::string approval;
  std::int64_t approval_timeout_ms = 0;
  /// Set once the plan waited for approval, and what came of it; the last ones
  /// when an edited plan had to wait again.
  std::optional<events::approval_requested> approval_asked;
  std::optional<events::approval_given> approval_answer;
  /// When the approval was asked for.
  std::int64_t approval_wall_ms = 0;

  /// Whether it waits for somebody's word.
  bool awaits_approval() const {
    return approval_asked && !approval_answer && phase != run_phase::finished;
  }

  /// When subtasks were started again after a failure.
  std::vector<std::int64_t> restarts_ms;

  std::uint64_t last_seq = 0;
  std::int64_t last_at_ms = 0;
  std::int64_t submitted_wall_ms = 0;
  /// `at_ms` of `plan.accepted` and of `synthesis.started`.
  std::optional<std::int64_t> plan_accepted_ms;
  std::optional<std::int64_t> synthesis_started_ms;

  /// How far the calls in flight can exceed what is reserved for them.
  pico_usd overshoot;

  /// Folds one event in. Whatever comes late, twice or out of order is a no-op
  /// (rule H3): a sequence that is not above the last one (0, not yet
  /// assigned, passes), an unknown subtask or call, an attempt or a call that
  /// has ended, and everything after the terminal event.
  void apply(const event& e);
};

} // namespace brigade::core
