/// The machine of one run: it knows the plan and the states of subtasks and
/// decides what happens next. Pure: time is an argument, effects are returned.
///
/// Each input returns a `run_step`: events to append, and effects to perform
/// once those events are durable. The machine has already folded the events
/// into its state.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/call_machine.hpp"
#include "brigade/core/model/model.hpp"
#include "brigade/core/model/prompt.hpp"
#include "brigade/core/plan/schedule.hpp"
#include "brigade/core/policy/restart_intensity.hpp"
#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/run_source.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace brigade::core {

/// What a user asks for.
struct run_order {
  run_id id;
  std::string goal;
  input_set_ptr inputs;
  crew_ptr crew;
  /// Overrides the crew's ceiling.
  std::optional<pico_usd> ceiling;
  /// Kept by a journal that has a history, so that the run can be continued.
  run_source_ptr source;
  /// A plan to use instead of asking the planner: validated all the same.
  std::optional<std::string> plan_text;
  /// End once the plan is accepted; no worker call is made.
  bool plan_only = false;
  /// Whose run it is: the name of a daemon's token; empty: of the command line.
  std::string client;
  /// Suspend once the plan is accepted, until somebody approves it, whatever
  /// the crew says.
  bool approve_plan = false;

  // -- nested runs: set by the run above, never by a user
  // -----------------------

  /// What the run above set aside for this one; bounds every ceiling.
  std::optional<allowance> slice;
  /// What is left of the time of the run above.
  std::optional<std::int64_t> deadline_ms;
  /// 0: not nested; else how many runs are above this one.
  std::uint32_t nesting = 0;
  /// How many runs may still be below this one; nothing: the crew's limit.
  std::optional<std::uint32_t> nesting_left;
  /// The run above and its subtask.
  std::string parent_run;
  std::string parent_task;
};

/// What events say of documents.
std::vector<input_info> infos_of(const input_set& inputs);

/// `run.submitted` of an order.
events::run_submitted submitted(const run_order& order);

/// All ceilings of a run: the order's, else its crew's, never above its slice.
allowance ceiling_of(const run_order& order);

/// The time a run may take in ms, never above its slice.
std::int64_t deadline_of(const run_order& order);

namespace run_effects {

/// Buy the planner's call under the key `plan`.
struct ask_planner {
  model_request request;
  std::uint32_t generation = 0;
  std::int64_t deadline_ms = 0;
};

/// Tell the till that the plan is accepted: what it keeps back for the
/// synthesis and how many subtasks there are.
struct keep_back {
  allowance share;
  std::uint64_t tasks = 0;
};

/// Spawn a worker for one attempt.
struct start_worker {
  std::size_t task = 0;
  std::uint32_t attempt = 1;
  model_request request;
  std::int64_t deadline_ms = 0;
  /// Set when the worker is a crew of its own; `request` is then empty.
  std::shared_ptr<const run_order> nested;
};

/// End a worker whose attempt is over, and its purchases.
struct stop_worker {
  std::size_t task = 0;
  std::uint32_t attempt = 1;
};

/// End all workers, the last one of the plan first. The till is closed next,
/// which ends their purchases.
struct stop_all_workers {};

/// Spawn the synthesizer.
struct start_synthesizer {
  model_request request;
  std::int64_t deadline_ms = 0;
};

struct stop_synthesizer {};

/// Close the till; answer `on_till_closed` once nothing is reserved.
struct close_till {
  /// The run will go on: nested runs stand still too instead of being ended.
  bool suspend = false;
};

/// The terminal event is durable, or the run is suspended: stop.
struct end_run {};

} // namespace run_effects

using run_effect =
    std::variant<run_effects::ask_planner, run_effects::keep_back,
                 run_effects::start_worker, run_effects::stop_worker,
                 run_effects::stop_all_workers, run_effects::start_synthesizer,
                 run_effects::stop_synthesizer, run_effects::close_till,
                 run_effects::end_run>;

struct run_step {
  std::vector<event_body> events;
  std::vector<run_effect> effects;
};

/// The code of a failure that suspends the run: an event could not be stored.
inline constexpr std::string_view storage_failure = "storage_failure";

/// A worker that reached its deadline has this long to say so itself.
inline constexpr std::int64_t worker_grace_ms = 1000;

/// The reason of a run (`run.finished`) that a failure's code stands for:
/// `over_budget`, `deadline`, `provider` or `task_failed`.
std::string reason_of_failure(std::string_view code);

/// Why a run is told to stop from outside.
enum class stop_kind : std::uint8_t {
  /// `run.suspended`: can be continued.
  suspend,
  /// Ends `cancelled`.
  cancel,
};

class run_machine {
public:
  run_machine(run_order order, std::function<double()> jitter);

  // -- inputs -----------------------------------------------------------------

  run_step start(std::int64_t now_ms);

  /// Instead of `start`: goes on where a run's events end. `past` is their
  /// fold; the last of them is `run.resumed`, or `run.submitted` when nothing
  /// else happened. What was going is started again, and finds every call that
  /// is paid. A run that waits for approval takes the decision or stands still
  /// again; one that does not wait and is given a decision other than `cancel`
  /// stands still too.
  run_step resume(run_state past, std::optional<approval_decision> decision,
                  std::int64_t now_ms);

  /// The planner's call ended.
  run_step on_plan_call(const call_step& ended, std::int64_t now_ms);

  /// What the run's calls have cost so far, as the till says: a plan must fit
  /// in what is left.
  void note_spent(const allowance& spent) { spent_ = spent; }

  /// A worker handed in its result. Stale attempts are no-ops (rule H3).
  run_step on_task_done(std::size_t task, std::uint32_t attempt,
                        shared_text result, std::int64_t now_ms);

  /// A worker gave up.
  run_step on_task_failed(std::size_t task, std::uint32_t attempt,
                          std::string code, std::string message,
                          std::int64_t now_ms);

  run_step on_synthesis_done(shared_text answer, std::int64_t now_ms);
  run_step on_synthesis_failed(std::string code, std::string message,
                               std::int64_t now_ms);

  /// Time passed: fires what is due.
  run_step on_time(std::int64_t now_ms);

  run_step on_stop(stop_kind kind, std::string reason, std::int64_t now_ms);

  /// A model billed more than was reserved (rule M7): what runs may end, no
  /// further subtask starts.
  run_step on_breach(const std::string& model, std::int64_t now_ms);

  /// The till is closed and nothing is reserved.
  run_step on_till_closed(std::int64_t now_ms);

  /// Events could not be stored: the run stands still.
  run_step on_storage_failed(std::int64_t now_ms);

  /// A part of the run broke that nothing can replace: ends `failed`, reason
  /// `internal`.
  run_step on_internal_failure(std::string message, std::int64_t now_ms);

  // -- observers --------------------------------------------------------------

  const run_state& state() const { return state_; }
  const run_order& order() const { return order_; }
  const crew& crew_of() const { return *order_.crew; }

  /// The run time at which `on_time` must be called next. There may be nothing
  /// to do then: the end of a subtask does not look for the next due one, which
  /// would cost a pass over all subtasks each time.
  std::int64_t next_due_ms() const;

  /// Whether the run winds down or is being suspended.
  bool is_stopping() const { return verdict_ || stopping_; }

  /// Whether the terminal event or the suspension was decided.
  bool ended() const { return ended_; }

private:
  struct task_timer {
    /// End of the running attempt; 0 when none runs.
    std::int64_t attempt_ends_ms = 0;
    /// Start of the next attempt; 0 when none is planned.
    std::int64_t retry_at_ms = 0;
    /// End of the subtask over all its attempts; 0 before the first.
    std::int64_t task_ends_ms = 0;
  };

  static schedule_rules rules_of(const crew& c);
  void emit(run_step& step, event_body body, std::int64_t now_ms);
  void plan_again(run_step& step, std::int64_t now_ms);
  void work_again(run_step& step, std::int64_t now_ms);
  void keep_share_back(run_step& step);
  void synthesize_again(run_step& step, std::int64_t now_ms);
  void start_synthesis(run_step& step, std::int64_t now_ms);
  std::int64_t attempt_limit_ms(std::size_t task) const;
  void ask_planner(run_step& step, model_request request, std::int64_t now_ms);
  void take_proposal(run_step& step, const shared_text& text,
                     std::int64_t now_ms);
  void accept(run_step& step, plan accepted, const allowance& kept_back,
              std::int64_t now_ms);
  bool must_be_approved() const;
  void ask_approval(run_step& step, std::int64_t now_ms);
  void decide(run_step& step, approval_decision decision, std::int64_t now_ms);
  void stand_still(run_step& step, std::string reason);
  void reject(run_step& step, const shared_text& text,
              std::vector<plan_fault> faults, std::int64_t now_ms);
  void set_timer(std::size_t task, std::int64_t attempt_ends_ms,
                 std::int64_t retry_at_ms);
  void find_due();
  void start_ready(run_step& step, std::int64_t now_ms);
  void start_attempt(run_step& step, std::size_t task, std::int64_t now_ms);
  void fail_task(run_step& step, std::size_t task, std::string code,
                 std::string message, std::int64_t now_ms);
  void give_up_purchases(run_step& step, std::size_t task);
  void end_task(run_step& step, std::size_t task, std::string code,
                std::string message, std::int64_t now_ms);
  std::string code_of_timeout(std::size_t task, std::int64_t now_ms) const;
  bool may_start(run_step& step, std::size_t task, std::uint32_t attempt,
                 std::int64_t now_ms);
  void after_task(run_step& step, schedule_effects follows,
                  std::int64_t now_ms);
  void begin_synthesis(run_step& step, std::int64_t now_ms);
  void merge_without_model(run_step& step, std::int64_t now_ms);
  void wind_down(run_step& step, run_status status, std::string reason,
                 std::string message, std::int64_t now_ms);
  void cancel_tasks(run_step& step, const std::string& reason,
                    std::int64_t now_ms);
  void end_at_deadline(run_step& step, std::int64_t now_ms);
  void conclude(run_step& step, std::int64_t now_ms);
  bool is_current(std::size_t task, std::uint32_t attempt) const;
  std::int64_t step_deadline(std::int64_t now_ms) const;
  std::vector<task_result> results() const;
  std::string gap_reason() const;

  run_order order_;
  std::function<double()> jitter_;
  run_state state_;
  std::optional<schedule> schedule_;
  std::vector<task_timer> timers_;
  restart_intensity restarts_;
  /// No timer is due before this.
  std::int64_t tasks_due_ms_ = std::numeric_limits<std::int64_t>::max();
  /// When a synthesizer that says nothing is given up; 0 when none runs.
  std::int64_t synthesis_ends_ms_ = 0;
  std::uint32_t plan_generation_ = 0;
  /// The deadline of the planner's call.
  std::int64_t planner_ends_ms_ = 0;
  std::uint64_t last_seq_ = 0;
  shared_text answer_;
  /// Set once the run winds down: what `run.finished` will say.
  std::optional<events::run_finished> verdict_;
  std::optional<stop_kind> stopping_;
  std::string stop_reason_;
  /// Somebody agreed to the plan, or gave another one.
  bool approved_ = false;
  /// The model whose bill was above its reservation; empty: none.
  std::string breached_model_;
  allowance spent_;
  bool ended_ = false;
};

} // namespace brigade::core
