/// The events of a run. A run *is* its events: journal, progress, report,
/// metrics and resume are folds over them.
///
/// One writer per fact: the run's budget writes `call.*` and `budget.*`, its
/// orchestrator everything else; the journal assigns the sequence.
#pragma once

#include "brigade/core/json/read_fault.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/core/money/money.hpp"
#include "brigade/core/plan/plan.hpp"
#include "brigade/core/run/ids.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::core {

/// How a run ended, or stands still.
enum class run_status : std::uint8_t {
  running,
  succeeded,
  partial,
  failed,
  cancelled,
  suspended,
};

std::string_view to_string(run_status status);
std::optional<run_status> parse_run_status(std::string_view text);

/// An input as events know it: never its text.
struct input_info {
  std::string id;
  std::string name;
  std::uint64_t bytes = 0;
  std::uint32_t lines = 0;
  /// Of its text, in hex: a changed document is noticed when the run is
  /// continued.
  std::string sha256{};

  friend bool operator==(const input_info&, const input_info&) = default;
};

namespace events {

/// `run.submitted`: the run was accepted.
struct run_submitted {
  static constexpr std::string_view name = "run.submitted";
  std::string goal;
  std::string crew;
  pico_usd ceiling;
  std::int64_t deadline_ms = 0;
  std::vector<input_info> inputs;
  /// Nothing: no ceiling.
  std::optional<std::uint64_t> tokens_max{};
  std::optional<std::uint64_t> calls_max{};
  /// `strict` or `typical`.
  std::string estimate = "strict";
  /// The weakest `price_basis` of the crew's models: `billed`, `worst_case` or
  /// `tokens_only`.
  std::string prices = "billed";
  /// The run that this one is nested in, or empty, and its subtask.
  std::string parent_run{};
  std::string parent_task{};
  /// SHA-256 of the crew's JSON form in hex; empty: not known.
  std::string crew_hash{};
  /// Whose run it is: the name of a daemon's token; empty: of whoever uses the
  /// command line or the library.
  std::string client{};
  /// `plan`: the run waits for somebody's approval once its plan is accepted.
  std::string approval{};
  /// How long it waits for that, restarts included.
  std::int64_t approval_timeout_ms = 0;
};

/// `plan.proposed`: a planner's reply, or a plan given by the user.
struct plan_proposed {
  static constexpr std::string_view name = "plan.proposed";
  std::uint32_t generation = 0;
  shared_text text;
};

/// `plan.rejected`: all faults of that proposal.
struct plan_rejected {
  static constexpr std::string_view name = "plan.rejected";
  std::uint32_t generation = 0;
  std::vector<plan_fault> faults;
};

/// `plan.accepted`: from here on the synthesis share is kept back.
struct plan_accepted {
  static constexpr std::string_view name = "plan.accepted";
  std::shared_ptr<const core::plan> plan;
  pico_usd synthesis_share;
  std::uint64_t synthesis_tokens = 0;
};

/// `approval.requested`: the accepted plan waits for somebody's word; the run
/// is suspended until then.
struct approval_requested {
  static constexpr std::string_view name = "approval.requested";
  /// From this event's wall time on; then the run ends.
  std::int64_t timeout_ms = 0;
  /// What the plan will cost besides what is spent: if all goes well and
  /// replies are short, as such calls have turned out, and at most.
  pico_usd cost_low;
  pico_usd cost_expected;
  pico_usd cost_worst;
  /// The longest chain of dependencies: ids of subtasks.
  std::vector<std::string> critical_path;
};

/// `approval.given`: somebody's word, or that it did not come in time.
struct approval_given {
  static constexpr std::string_view name = "approval.given";
  /// `approved`, `edited` (another plan is proposed next), `rejected` or
  /// `expired`.
  std::string decision;
  /// Who decided: the name of a client; empty: whoever uses the command line.
  std::string by;
  /// For people; may be empty.
  std::string comment;
};

/// `task.started`: one more life of a subtask's worker.
struct task_started {
  static constexpr std::string_view name = "task.started";
  std::string task;
  std::uint32_t attempt = 1;
};

/// `call.intended`: durable before the request leaves; carries what is
/// reserved for it.
struct call_intended {
  static constexpr std::string_view name = "call.intended";
  call_id id{};
  call_key key;
  call_role role = call_role::worker;
  /// Empty for planner and synthesizer.
  std::string task;
  std::uint32_t attempt = 1;
  /// The how-manyth try under this key.
  std::uint32_t try_no = 1;
  std::string model;
  /// SHA-256 of the body in hex.
  std::string request_hash;
  pico_usd reserved;
  std::uint64_t reserved_tokens = 0;
  /// What the call can cost at most; above `reserved` only with
  /// `estimate = "typical"`.
  pico_usd worst_case{};
  /// The life of the orchestrator whose call this is.
  std::uint32_t epoch = 1;
  /// The nested run that this try is, or empty.
  std::string nested_run{};
  /// How long it waited for money, tokens or calls to come back.
  std::int64_t waited_ms = 0;
  /// The calls and subtasks set aside: above 1 and 0 for a nested run only.
  std::uint64_t reserved_calls = 1;
  std::uint64_t reserved_tasks = 0;
  /// The body that is sent, byte by byte; empty for a nested run, whose own log
  /// tells it.
  shared_text request{};
};

/// `call.settled`: the outcome and its charge, in one write. A released try is
/// one with charge zero.
struct call_settled {
  static constexpr std::string_view name = "call.settled";
  call_id id{};
  outcome_code code = outcome_code::ok;
  money_rule rule = money_rule::settle;
  pico_usd charged;
  /// Counted against the ceiling on tokens: those reported, or those reserved.
  std::uint64_t charged_tokens = 0;
  usage tokens;
  /// Whether the provider reported usage that was possible.
  bool usage_known = false;
  finish_reason finish = finish_reason::stop;
  /// The reply, so that it can be recalled instead of bought again.
  shared_text reply;
  /// What failed; empty when it did not.
  std::string message;
  int http_status = 0;
  std::string request_id;
  /// Counted against the ceilings on calls and on subtasks.
  std::uint64_t charged_calls = 1;
  std::uint64_t charged_tasks = 0;
};

/// `call.in_doubt`: nobody will ever know the outcome; charged in full.
struct call_in_doubt {
  static constexpr std::string_view name = "call.in_doubt";
  call_id id{};
  pico_usd charged;
  std::string message;
  std::uint64_t charged_tokens = 0;
  std::uint64_t charged_calls = 1;
  std::uint64_t charged_tasks = 0;
};

/// `task.retried`: an attempt ended by crash or timeout; the next one starts
/// after `delay_ms`.
struct task_retried {
  static constexpr std::string_view name = "task.retried";
  std::string task;
  std::uint32_t attempt = 1;
  std::int64_t delay_ms = 0;
  std::string code;
  std::string message;
};

struct task_succeeded {
  static constexpr std::string_view name = "task.succeeded";
  std::string task;
  std::uint32_t attempt = 1;
  shared_text result;
};

/// `task.failed`. `code` is an `outcome_code`'s text, or `quarantined`,
/// `crashed`, `attempt_timeout`, `task_timeout`, `deadline`, `calls_exhausted`,
/// `over_budget`, `empty_reply`, `refused`.
struct task_failed {
  static constexpr std::string_view name = "task.failed";
  std::string task;
  std::uint32_t attempt = 1;
  std::string code;
  std::string message;
};

/// `task.skipped`: a dependency is missing and the edge's policy is `skip`.
struct task_skipped {
  static constexpr std::string_view name = "task.skipped";
  std::string task;
  /// The ids of the dependencies that did not succeed.
  std::vector<std::string> missing;
};

/// `task.cancelled`: the run wound down while the subtask was running.
struct task_cancelled {
  static constexpr std::string_view name = "task.cancelled";
  std::string task;
  std::uint32_t attempt = 1;
  std::string reason;
};

struct synthesis_started {
  static constexpr std::string_view name = "synthesis.started";
  /// `llm` or `merge`.
  std::string kind;
  std::uint32_t results = 0;
  std::uint32_t gaps = 0;
};

struct synthesis_succeeded {
  static constexpr std::string_view name = "synthesis.succeeded";
  shared_text answer;
};

/// `synthesis.failed`: the results are merged without a model instead.
struct synthesis_failed {
  static constexpr std::string_view name = "synthesis.failed";
  std::string code;
  std::string message;
};

/// `budget.warned`: what is spent has reached a set share of a ceiling.
struct budget_warned {
  static constexpr std::string_view name = "budget.warned";
  /// `cost`, `tokens` or `calls`.
  std::string ceiling;
  std::uint32_t percent = 0;
  pico_usd spent;
};

/// `budget.breached`: a bill above its reservation (rule M7).
struct budget_breached {
  static constexpr std::string_view name = "budget.breached";
  call_id id{};
  std::string model;
  pico_usd reserved;
  pico_usd charged;
  std::uint64_t reserved_tokens = 0;
  std::uint64_t charged_tokens = 0;
};

/// `run.suspended`: not terminal.
struct run_suspended {
  static constexpr std::string_view name = "run.suspended";
  /// `interrupt`, `shutdown`, `storage_failure`, `approval`.
  std::string reason;
};

/// `run.resumed`: another life of the run's actors begins. Attempts that were
/// going have ended without counting as failures, and how the calls ended that
/// were in flight is written down together with it.
struct run_resumed {
  static constexpr std::string_view name = "run.resumed";
  /// The new life: 2 for the first time.
  std::uint32_t epoch = 2;
  /// `user`, `restart`, `crash` or `approval`.
  std::string reason;
  /// The ceilings from here on.
  pico_usd ceiling;
  std::optional<std::uint64_t> tokens_max{};
  std::optional<std::uint64_t> calls_max{};
  std::int64_t deadline_ms = 0;
  /// Of the crew from here on; another one than before was accepted.
  std::string crew_hash{};
  /// The user accepted that crew or documents have changed: a recorded call
  /// whose request is another one now is bought anew.
  bool changes_accepted = false;
  /// The documents from here on, where changes were accepted.
  std::vector<input_info> inputs{};
};

/// `run.ending`: what `run.finished` will say, as soon as it is decided; it
/// follows when nothing is reserved any more.
struct run_ending {
  static constexpr std::string_view name = "run.ending";
  run_status status = run_status::failed;
  std::string reason;
  std::string message;
  shared_text answer;
};

/// `run.finished`: the one terminal event.
struct run_finished {
  static constexpr std::string_view name = "run.finished";
  run_status status = run_status::failed;
  /// Stable: `` (succeeded), `task_failed`, `plan_rejected`, `over_budget`,
  /// `provider`, `deadline`, `cancelled`, `aborted`, `synthesis_failed`,
  /// `approval_rejected`, `approval_expired`, `internal`.
  std::string reason;
  /// One sentence for people.
  std::string message;
  shared_text answer;
};

} // namespace events

using event_body = std::variant<
    events::run_submitted, events::plan_proposed, events::plan_rejected,
    events::plan_accepted, events::approval_requested, events::approval_given,
    events::task_started, events::call_intended, events::call_settled,
    events::call_in_doubt, events::task_retried, events::task_succeeded,
    events::task_failed, events::task_skipped, events::task_cancelled,
    events::synthesis_started, events::synthesis_succeeded,
    events::synthesis_failed, events::budget_warned, events::budget_breached,
    events::run_suspended, events::run_resumed, events::run_ending,
    events::run_finished>;

struct event {
  /// Assigned by the journal: 1, 2, 3 ... within the run; 0 before that.
  std::uint64_t seq = 0;
  /// Unix time, for people only; nothing is decided by it.
  std::int64_t wall_ms = 0;
  /// Monotonic time since the run was submitted, time suspended not counted.
  std::int64_t at_ms = 0;
  event_body body;
};

using event_ptr = std::shared_ptr<const event>;

/// `task.started` and so on.
std::string_view event_name(const event_body& body);

/// The JSON form: `{seq, wall_ms, at_ms, type, data: {...}}`. Money is a
/// decimal string.
boost::json::value to_json(const event& e);

/// Reads the JSON form; nothing when it is not exactly that, and why not in
/// `fault`, if given.
std::optional<event> event_from_json(const boost::json::value& json,
                                     read_fault* fault = nullptr);

} // namespace brigade::core
