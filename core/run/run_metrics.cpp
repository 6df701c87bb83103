#include "brigade/core/run/run_metrics.hpp"

#include "brigade/core/run/report.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

constexpr std::string_view unknown = "unknown";

double seconds(std::int64_t ms) {
  return static_cast<double>(ms) / 1000;
}

double dollars(pico_usd amount) {
  return static_cast<double>(amount.value) / static_cast<double>(pico_per_usd);
}

std::string_view or_else(std::string_view text, std::string_view other) {
  return text.empty() ? other : text;
}

} // namespace

/// Folds the body of one event.
struct run_metrics::folder {
  run_metrics& run;
  const event& whole;
  metric_sink& sink;

  void add(metric id, std::initializer_list<std::string_view> labels,
           double amount = 1) {
    sink.add(id, {labels.begin(), labels.size()}, amount);
  }

  void observe(metric id, std::initializer_list<std::string_view> labels,
               double value) {
    sink.observe(id, {labels.begin(), labels.size()}, value);
  }

  // -- the run and its plan ---------------------------------------------------

  void operator()(const events::run_submitted& e) {
    run.crew_ = or_else(e.crew, unknown);
    run.nested_ = !e.parent_run.empty();
    run.whole_ = true;
    if (!run.nested_)
      add(metric::runs_submitted, {run.crew_});
  }

  void operator()(const events::plan_proposed&) {
    // nop
  }

  void operator()(const events::plan_rejected& e) {
    add(metric::plans_rejected,
        {e.faults.empty() ? unknown : or_else(e.faults.front().code, unknown)});
  }

  void operator()(const events::plan_accepted& e) {
    if (run.plan_ || !e.plan)
      return;
    run.plan_ = e.plan;
    run.plan_accepted_ms_ = whole.at_ms;
    observe(metric::plan_tasks, {run.crew_},
            static_cast<double>(e.plan->tasks.size()));
  }

  void operator()(const events::approval_requested&) {
    add(metric::approvals_requested, {});
  }

  void operator()(const events::approval_given& e) {
    add(metric::approvals_given, {or_else(e.decision, unknown)});
    if (e.decision != "edited")
      return;
    // Another plan takes its place.
    run.plan_.reset();
    run.plan_accepted_ms_.reset();
    run.tasks_.clear();
  }

  void operator()(const events::run_suspended& e) {
    add(metric::runs_suspended, {or_else(e.reason, unknown)});
    stand_still();
    run.suspended_ = true;
  }

  void operator()(const events::run_resumed& e) {
    add(metric::runs_resumed, {or_else(e.reason, unknown)});
    // What was going ended with the life before.
    stand_still();
    run.suspended_ = false;
  }

  void operator()(const events::run_ending&) {
    // nop
  }

  void operator()(const events::run_finished& e) {
    if (e.status == run_status::running || e.status == run_status::suspended)
      return;
    const auto status = to_string(e.status);
    const auto reason = or_else(e.reason, "none");
    end_tasks();
    stand_still();
    run.ended_ = true;
    if (run.nested_)
      return add(metric::nested_runs_finished, {run.crew_, status, reason});
    add(metric::runs_finished, {run.crew_, status, reason});
    observe(metric::run_duration, {run.crew_, status}, seconds(whole.at_ms));
    if (!run.whole_)
      return;
    observe(metric::run_cost, {run.crew_}, dollars(run.spent_));
    observe(metric::run_critical_path, {run.crew_},
            seconds(kpis_of(times()).critical_path_ms));
  }

  /// Nothing is in flight or at work any more.
  void stand_still() {
    for (auto& [id, call] : run.calls_)
      land(call);
    for (auto& [id, task] : run.tasks_)
      if (task.status == task_status::running)
        rest(task, task_status::not_started);
  }

  /// Those that the run ended without.
  void end_tasks() {
    if (!run.plan_)
      return;
    std::size_t open = 0;
    for (const auto& task : run.plan_->tasks) {
      const auto found = run.tasks_.find(task.id);
      if (found == run.tasks_.end() || !is_terminal(found->second.status))
        ++open;
    }
    if (open > 0)
      add(metric::tasks_ended, {to_string(task_status::not_started)},
          static_cast<double>(open));
  }

  /// As much of a state as the report needs for its figures.
  run_state times() const {
    run_state state;
    state.last_at_ms = whole.at_ms;
    state.plan_accepted_ms = run.plan_accepted_ms_;
    state.synthesis_started_ms = run.synthesis_started_ms_;
    state.plan = run.plan_;
    if (!run.plan_)
      return state;
    state.tasks.resize(run.plan_->tasks.size());
    for (std::size_t i = 0; i < state.tasks.size(); ++i)
      if (const auto found = run.tasks_.find(run.plan_->tasks[i].id);
          found != run.tasks_.end()) {
        auto& task = state.tasks[i];
        task.status = found->second.status;
        task.attempts = found->second.attempts;
        task.started_ms = found->second.started_ms;
        task.finished_ms = found->second.finished_ms;
      }
    return state;
  }

  // -- subtasks ---------------------------------------------------------------

  /// A worker begins or ends its work.
  void rest(task_times& task, task_status status) {
    if (task.status == task_status::running)
      add(metric::workers_busy, {}, -1);
    task.status = status;
  }

  void operator()(const events::task_started& e) {
    auto& task = run.tasks_[e.task];
    if (is_terminal(task.status) || e.attempt <= task.attempts)
      return;
    if (task.attempts == 0 && (run.whole_ || e.attempt == 1))
      add(metric::tasks_attempted, {});
    if (task.status != task_status::running)
      add(metric::workers_busy, {}, 1);
    task.status = task_status::running;
    task.attempts = e.attempt;
    if (!task.started_ms)
      task.started_ms = whole.at_ms;
  }

  void operator()(const events::task_retried& e) {
    auto* task = find_running(e.task, e.attempt);
    if (task == nullptr)
      return;
    rest(*task, task_status::not_started);
    add(metric::task_retries, {or_else(e.code, unknown)});
  }

  void operator()(const events::task_succeeded& e) {
    if (auto* task = find_running(e.task, e.attempt))
      end(*task, task_status::succeeded);
  }

  void operator()(const events::task_failed& e) {
    auto& task = run.tasks_[e.task];
    if (is_terminal(task.status) || e.attempt < task.attempts)
      return;
    end(task, task_status::failed);
    add(metric::task_failures, {or_else(e.code, unknown)});
  }

  void operator()(const events::task_skipped& e) {
    auto& task = run.tasks_[e.task];
    if (task.status == task_status::not_started)
      end(task, task_status::skipped);
  }

  void operator()(const events::task_cancelled& e) {
    auto& task = run.tasks_[e.task];
    if (!is_terminal(task.status) && e.attempt >= task.attempts)
      end(task, task_status::cancelled);
  }

  task_times* find_running(const std::string& id, std::uint32_t attempt) {
    auto& task = run.tasks_[id];
    // A run whose beginning is not known may have started it.
    if (!run.whole_ && task.status == task_status::not_started)
      return &task;
    return task.status == task_status::running && task.attempts == attempt
               ? &task
               : nullptr;
  }

  void end(task_times& task, task_status status) {
    rest(task, status);
    task.finished_ms = whole.at_ms;
    add(metric::tasks_ended, {to_string(status)});
    if (task.started_ms)
      observe(metric::task_duration, {to_string(status)},
              seconds(whole.at_ms - *task.started_ms));
  }

  // -- calls ------------------------------------------------------------------

  void operator()(const events::call_intended& e) {
    auto& call = run.calls_[e.id];
    call.key = e.key;
    call.role = e.role;
    call.model = or_else(e.model, unknown);
    call.intended_ms = whole.at_ms;
    call.nested = !e.nested_run.empty();
    const auto failed = run.failures_.find(e.key);
    if (!call.nested) {
      call.in_flight = true;
      add(metric::calls_in_flight, {}, 1);
      observe(metric::call_wait, {call.model, to_string(call.role)},
              seconds(e.waited_ms));
      if (e.try_no > 1)
        add(metric::call_retries,
            {call.model,
             failed == run.failures_.end() ? unknown : failed->second});
    }
    if (failed != run.failures_.end())
      run.failures_.erase(failed);
  }

  /// The gauge does not count it any more.
  void land(open_call& call) {
    if (call.in_flight)
      add(metric::calls_in_flight, {}, -1);
    call.in_flight = false;
  }

  /// The call, which has ended and is not kept. One that began before the fold
  /// did is of an unknown model; after the intent of a whole run, it is
  /// nothing.
  std::optional<open_call> take(call_id id) {
    const auto found = run.calls_.find(id);
    if (found == run.calls_.end()) {
      if (run.whole_)
        return std::nullopt;
      open_call stranger;
      stranger.model = unknown;
      stranger.intended_ms = -1;
      return stranger;
    }
    auto call = std::move(found->second);
    run.calls_.erase(found);
    land(call);
    return call;
  }

  void end(const open_call& call, std::string_view outcome, pico_usd charged) {
    run.spent_ += charged;
    if (outcome != to_string(outcome_code::ok) && call.intended_ms >= 0)
      run.failures_[call.key] = outcome;
    if (call.nested)
      return;
    const bool stranger = call.intended_ms < 0;
    const auto role = stranger ? unknown : to_string(call.role);
    add(metric::calls, {call.model, role, outcome});
    add(metric::call_cost, {call.model, role}, dollars(charged));
    if (!stranger)
      observe(metric::call_duration, {call.model, role},
              seconds(whole.at_ms - call.intended_ms));
  }

  void operator()(const events::call_settled& e) {
    const auto call = take(e.id);
    if (!call)
      return;
    end(*call, to_string(e.code), e.charged);
    if (call->nested || !e.usage_known)
      return;
    const auto tokens = [&](std::string_view direction, std::uint64_t count) {
      if (count > 0)
        add(metric::call_tokens, {call->model, direction},
            static_cast<double>(count));
    };
    tokens("input", e.tokens.input_tokens);
    tokens("cached_input", e.tokens.cached_input_tokens);
    tokens("output", e.tokens.output_tokens);
  }

  void operator()(const events::call_in_doubt& e) {
    const auto call = take(e.id);
    if (!call)
      return;
    end(*call, "in_doubt", e.charged);
    if (!call->nested)
      add(metric::calls_in_doubt,
          {call->model,
           call->intended_ms < 0 ? unknown : to_string(call->role)});
  }

  // -- synthesis and budget ---------------------------------------------------

  void operator()(const events::synthesis_started& e) {
    run.synthesizer_ = or_else(e.kind, unknown);
    if (!run.synthesis_started_ms_)
      run.synthesis_started_ms_ = whole.at_ms;
  }

  void operator()(const events::synthesis_succeeded&) {
    add(metric::syntheses, {or_else(run.synthesizer_, unknown), "succeeded"});
  }

  void operator()(const events::synthesis_failed&) {
    add(metric::syntheses, {or_else(run.synthesizer_, unknown), "failed"});
  }

  void operator()(const events::budget_warned& e) {
    add(metric::budget_warnings, {or_else(e.ceiling, unknown)});
  }

  void operator()(const events::budget_breached& e) {
    add(metric::budget_breaches, {or_else(e.model, unknown)});
  }
};

void run_metrics::apply(const event& e, metric_sink& sink) {
  if (e.seq != 0 && e.seq <= last_seq_)
    return;
  last_seq_ = std::max(last_seq_, e.seq);
  std::visit(folder{*this, e, sink}, e.body);
}

void run_metrics::stand_still(metric_sink& sink) {
  folder{*this, event{}, sink}.stand_still();
}

} // namespace brigade::core
