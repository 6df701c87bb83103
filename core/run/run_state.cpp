#include "brigade/core/run/run_state.hpp"

#include "brigade/core/model/enum_text.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace brigade::core {

namespace {

constexpr std::array<std::string_view, 6> status_names = {
    "not_started", "running", "succeeded", "failed", "skipped", "cancelled"};

/// Stays at its largest value instead of starting again from zero.
void add_saturating(std::uint64_t& sum, std::uint64_t amount) {
  if (__builtin_add_overflow(sum, amount, &sum))
    sum = std::numeric_limits<std::uint64_t>::max();
}

void add(usage& sum, const usage& tokens) {
  add_saturating(sum.input_tokens, tokens.input_tokens);
  add_saturating(sum.cached_input_tokens, tokens.cached_input_tokens);
  add_saturating(sum.output_tokens, tokens.output_tokens);
}

/// Folds the body of one event. Each overload begins by looking up what the
/// event names and returns when it is gone.
struct folder {
  run_state& state;
  const event& whole;

  // -- lookup -----------------------------------------------------------------

  task_state* find(std::string_view id) {
    // Events mostly go through the plan forwards or backwards.
    for (const auto at :
         {state.last_task + 1, state.last_task, state.last_task - 1})
      if (at < state.tasks.size() && id_of(at) == id)
        return &state.tasks[state.last_task = at];
    const auto& order = state.tasks_by_id;
    const auto i = std::lower_bound(
        order.begin(), order.end(), id,
        [this](auto at, auto wanted) { return id_of(at) < wanted; });
    if (i == order.end() || id_of(*i) != id)
      return nullptr;
    return &state.tasks[state.last_task = *i];
  }

  std::string_view id_of(std::uint32_t at) const {
    return state.plan->tasks[at].id;
  }

  /// The subtask if it has not ended and `attempt` is not an earlier one.
  task_state* find_open(std::string_view id, std::uint32_t attempt) {
    auto* task = find(id);
    return task && !is_terminal(task->status) && attempt >= task->attempts
               ? task
               : nullptr;
  }

  /// The subtask if exactly this attempt of it is running.
  task_state* find_running(std::string_view id, std::uint32_t attempt) {
    auto* task = find_open(id, attempt);
    return task && task->status == task_status::running
                   && attempt == task->attempts
               ? task
               : nullptr;
  }

  call_state* find(call_id id) {
    // Ids count from 1 in order of intent, so the place is known, unless the
    // fold began in the middle.
    const auto guess = static_cast<std::uint64_t>(id) - 1;
    if (guess < state.calls.size() && state.calls[guess].id == id)
      return &state.calls[guess];
    if (state.calls.empty() || state.calls.back().id < id)
      return nullptr;
    const auto i = std::find_if(state.calls.begin(), state.calls.end(),
                                [id](const auto& c) { return c.id == id; });
    return i != state.calls.end() ? &*i : nullptr;
  }

  void finish(task_state& task, task_status status) {
    task.status = status;
    task.finished_ms = whole.at_ms;
  }

  /// Ends a call that is in flight: its reservation becomes its charge.
  call_state* charge(call_id id, pico_usd charged, const std::string& message) {
    auto* call = find(id);
    if (!call || call->settled)
      return nullptr;
    call->settled = true;
    call->charged = charged;
    call->message = message;
    state.reserved -= call->reserved;
    state.overshoot -= call->overshoot();
    state.spent += charged;
    if (auto* task = find(call->task))
      task->cost += charged;
    return call;
  }

  // -- the run and its plan ---------------------------------------------------

  void operator()(const events::run_submitted& e) {
    if (!state.goal.empty())
      return;
    state.goal = e.goal;
    state.crew = e.crew;
    state.ceiling = e.ceiling;
    state.deadline_ms = e.deadline_ms;
    state.inputs = e.inputs;
    state.tokens_max = e.tokens_max;
    state.calls_max = e.calls_max;
    state.estimate = e.estimate;
    state.prices = e.prices;
    state.parent_run = e.parent_run;
    state.parent_task = e.parent_task;
    state.crew_hash = e.crew_hash;
    state.client = e.client;
    state.approval = e.approval;
    state.approval_timeout_ms = e.approval_timeout_ms;
    state.submitted_wall_ms = whole.wall_ms;
  }

  void operator()(const events::plan_proposed& e) {
    if (!state.plan)
      state.proposal = e.text;
  }

  void operator()(const events::plan_rejected& e) {
    if (state.plan || e.generation < state.plans_rejected)
      return;
    ++state.plans_rejected;
    state.faults = e.faults;
  }

  void operator()(const events::plan_accepted& e) {
    if (state.plan || !e.plan)
      return;
    state.plan = e.plan;
    state.synthesis_share = e.synthesis_share;
    state.tasks.resize(e.plan->tasks.size());
    state.tasks_by_id.resize(state.tasks.size());
    std::iota(state.tasks_by_id.begin(), state.tasks_by_id.end(), 0U);
    std::sort(state.tasks_by_id.begin(), state.tasks_by_id.end(),
              [this](auto a, auto b) { return id_of(a) < id_of(b); });
    state.proposal = {};
    state.plan_accepted_ms = whole.at_ms;
    state.phase = run_phase::working;
  }

  void operator()(const events::approval_requested& e) {
    if (!state.plan || state.phase != run_phase::working)
      return;
    state.approval_asked = e;
    state.approval_answer.reset();
    state.approval_wall_ms = whole.wall_ms;
  }

  void operator()(const events::approval_given& e) {
    if (!state.awaits_approval())
      return;
    state.approval_answer = e;
    if (e.decision != "edited")
      return;
    // Another plan takes its place; nothing of this one has begun.
    state.plan.reset();
    state.tasks.clear();
    state.tasks_by_id.clear();
    state.plan_accepted_ms.reset();
    state.synthesis_share = {};
    state.phase = run_phase::planning;
  }

  void operator()(const events::run_suspended& e) {
    state.status = run_status::suspended;
    state.reason = e.reason;
  }

  void operator()(const events::run_resumed& e) {
    if (e.epoch <= state.epoch)
      return;
    state.epoch = e.epoch;
    state.status = run_status::running;
    state.reason.clear();
    state.ceiling = e.ceiling;
    state.tokens_max = e.tokens_max;
    state.calls_max = e.calls_max;
    state.deadline_ms = e.deadline_ms;
    state.crew_hash = e.crew_hash;
    state.changes_accepted = state.changes_accepted || e.changes_accepted;
    if (e.changes_accepted)
      state.inputs = e.inputs;
    // Its worker ended with the life before.
    for (auto& task : state.tasks)
      if (task.status == task_status::running) {
        task.status = task_status::not_started;
        ++task.interrupted;
        task.error_code = interrupted_code;
        task.error_message = "the run stopped while it was going";
      }
  }

  void operator()(const events::run_ending& e) {
    if (!state.ending)
      state.ending = e;
  }

  void operator()(const events::run_finished& e) {
    // These two cannot be the status of an end.
    if (e.status == run_status::running || e.status == run_status::suspended)
      return;
    state.phase = run_phase::finished;
    state.status = e.status;
    state.reason = e.reason;
    state.message = e.message;
    if (!e.answer.empty())
      state.answer = e.answer;
  }

  // -- subtasks ---------------------------------------------------------------

  void operator()(const events::task_started& e) {
    auto* task = find_open(e.task, e.attempt);
    if (!task || e.attempt == task->attempts)
      return;
    if (e.attempt > 1 && task->error_code != interrupted_code)
      state.restarts_ms.push_back(whole.at_ms);
    task->status = task_status::running;
    task->attempts = e.attempt;
    if (!task->started_ms)
      task->started_ms = whole.at_ms;
  }

  void operator()(const events::task_retried& e) {
    auto* task = find_running(e.task, e.attempt);
    if (!task)
      return;
    task->status = task_status::not_started;
    task->error_code = e.code;
    task->error_message = e.message;
  }

  void operator()(const events::task_succeeded& e) {
    auto* task = find_running(e.task, e.attempt);
    if (!task)
      return;
    finish(*task, task_status::succeeded);
    task->result = e.result;
    task->error_code.clear();
    task->error_message.clear();
  }

  void operator()(const events::task_failed& e) {
    // Not only while it runs: the end may come in the wait for a retry.
    auto* task = find_open(e.task, e.attempt);
    if (!task)
      return;
    finish(*task, task_status::failed);
    task->error_code = e.code;
    task->error_message = e.message;
  }

  void operator()(const events::task_skipped& e) {
    auto* task = find(e.task);
    if (!task || task->status != task_status::not_started)
      return;
    finish(*task, task_status::skipped);
    task->missing = e.missing;
  }

  void operator()(const events::task_cancelled& e) {
    auto* task = find_open(e.task, e.attempt);
    if (!task)
      return;
    finish(*task, task_status::cancelled);
    task->error_code = "cancelled";
    task->error_message = e.reason;
  }

  // -- money ------------------------------------------------------------------

  void operator()(const events::call_intended& e) {
    if (find(e.id))
      return;
    call_state call;
    call.id = e.id;
    call.key = e.key;
    call.role = e.role;
    call.task = e.task;
    call.attempt = e.attempt;
    call.try_no = e.try_no;
    call.model = e.model;
    call.reserved = e.reserved;
    call.worst_case = e.worst_case;
    call.reserved_tokens = e.reserved_tokens;
    call.nested_run = e.nested_run;
    call.reserved_calls = e.reserved_calls;
    call.reserved_tasks = e.reserved_tasks;
    state.overshoot += call.overshoot();
    state.overshoot_max = std::max(state.overshoot_max, state.overshoot);
    state.calls.push_back(std::move(call));
    state.reserved += e.reserved;
  }

  void operator()(const events::call_settled& e) {
    auto* call = charge(e.id, e.charged, e.message);
    if (!call)
      return;
    call->code = e.code;
    call->usage_known = e.usage_known;
    if (e.rule == money_rule::charge_in_full)
      state.charged_in_full += e.charged;
    add_saturating(state.spent_tokens, e.charged_tokens);
    if (!e.usage_known)
      return;
    call->tokens = e.tokens;
    add(state.tokens, e.tokens);
    if (auto* task = find(call->task))
      add(task->tokens, e.tokens);
  }

  void operator()(const events::call_in_doubt& e) {
    if (auto* call = charge(e.id, e.charged, e.message)) {
      call->in_doubt = true;
      state.charged_in_full += e.charged;
      add_saturating(state.spent_tokens, e.charged_tokens);
    }
  }

  void operator()(const events::budget_warned&) {
    // For people: what is spent is known anyway.
  }

  void operator()(const events::budget_breached& e) {
    state.budget_breached = true;
    if (state.breached_model.empty())
      state.breached_model = e.model;
  }

  // -- synthesis --------------------------------------------------------------

  void operator()(const events::synthesis_started& e) {
    state.phase = run_phase::synthesizing;
    state.synthesizer = e.kind;
    if (!state.synthesis_started_ms)
      state.synthesis_started_ms = whole.at_ms;
  }

  void operator()(const events::synthesis_succeeded& e) {
    state.answer = e.answer;
  }

  void operator()(const events::synthesis_failed& e) {
    state.synthesis_error = e.code + ": " + e.message;
  }
};

} // namespace

std::string_view to_string(task_status status) {
  return enum_text(status_names, status);
}

void run_state::apply(const event& e) {
  if (phase == run_phase::finished || (e.seq != 0 && e.seq <= last_seq))
    return;
  last_seq = std::max(last_seq, e.seq);
  last_at_ms = std::max(last_at_ms, e.at_ms);
  std::visit(folder{*this, e}, e.body);
}

} // namespace brigade::core
