#include "brigade/actors/orchestrator.hpp"

#include "brigade/actors/synthesizer.hpp"
#include "brigade/actors/worker.hpp"

#include <caf/system_messages.hpp>

#include <utility>

namespace brigade::actors {

namespace {

using self_ptr = orchestrator_actor::stateful_pointer<orchestrator_state>;
namespace effects = core::run_effects;

/// Events read at once when a report is made.
constexpr std::size_t report_events_max = 1'000'000;

void follow(self_ptr self, core::run_step step);

std::int64_t run_ms(self_ptr self) {
  return self->state.run->run_ms(now(self));
}

// -- the planner's call -------------------------------------------------------

void buy_plan(self_ptr self) {
  auto& st = self->state;
  core::purchase what;
  what.key = st.planner->key;
  what.role = core::call_role::planner;
  what.deadline_ms = st.planner->machine.deadline_ms();
  if (!ask_the_till(self, *st.run, st.till, std::move(what),
                    st.run->prepare(st.planner->request), ++st.nonce)) {
    const auto model = st.planner->request.model;
    st.planner.reset();
    follow(self,
           st.machine->on_plan_call(
               core::call_failed{"no_provider", "no provider serves model "
                                                "\"" + model
                                                    + "\""},
               run_ms(self)));
  }
}

void on_plan_step(self_ptr self, core::call_step step) {
  auto& st = self->state;
  if (auto* wait = std::get_if<core::wait_then_ask>(&step)) {
    send_later(self, std::chrono::milliseconds{wait->delay_ms},
               ask_again{st.nonce});
    return;
  }
  st.planner.reset();
  follow(self, st.machine->on_plan_call(step, run_ms(self)));
}

void on_plan_answer(self_ptr self, bought& message) {
  auto& st = self->state;
  if (!st.planner || message.nonce != st.nonce)
    return; // Late or duplicate.
  ++st.nonce;
  st.machine->note_spent(message.spent);
  if (auto* no = std::get_if<refusal>(&message.answer))
    on_plan_step(self, st.planner->machine.on_refused(std::move(no->code),
                                                      std::move(no->message)));
  else
    on_plan_step(self, st.planner->machine.on_outcome(
                           std::get<core::outcome>(message.answer),
                           run_ms(self), st.jitter()));
}

// -- effects ------------------------------------------------------------------

void act(self_ptr self, effects::ask_planner&& effect) {
  auto& st = self->state;
  st.planner.emplace(orchestrator_state::planner_call{
      core::call_machine{st.run->crew->limits, effect.deadline_ms},
      std::move(effect.request), core::call_key{"plan", effect.generation, 0}});
  buy_plan(self);
}

void act(self_ptr self, effects::keep_back&& effect) {
  self->send(self->state.till, keep_back{effect.share, effect.tasks});
}

void act(self_ptr self, effects::start_worker&& effect) {
  auto& st = self->state;
  const auto& crew = *st.run->crew;
  errand_order order{st.run,
                     st.till,
                     core::call_role::worker,
                     st.machine->state().plan->tasks[effect.task].id,
                     effect.attempt,
                     static_cast<std::uint32_t>(effect.task) + 1,
                     std::move(effect.request),
                     effect.deadline_ms,
                     crew.limits.result_bytes_max,
                     std::move(effect.nested)};
  auto handle = self->spawn<caf::monitored>(worker, orchestrator_actor{self},
                                            effect.task, std::move(order));
  st.worker_ids.emplace(handle.id(), effect.task);
  st.workers.insert_or_assign(
      effect.task,
      orchestrator_state::live_worker{std::move(handle), effect.attempt});
}

void act(self_ptr self, effects::stop_worker&& effect) {
  auto& st = self->state;
  self->send(st.till, abandon{st.machine->state().plan->tasks[effect.task].id,
                              effect.attempt});
  auto live = st.workers.find(effect.task);
  if (live != st.workers.end() && live->second.attempt == effect.attempt)
    self->send_exit(live->second.handle, caf::exit_reason::kill);
}

void act(self_ptr self, effects::stop_all_workers&&) {
  // In reverse order of the plan; their purchases end with the till.
  auto& workers = self->state.workers;
  for (auto live = workers.rbegin(); live != workers.rend(); ++live)
    self->send_exit(live->second.handle, caf::exit_reason::kill);
}

void act(self_ptr self, effects::start_synthesizer&& effect) {
  auto& st = self->state;
  const auto tasks = st.machine->state().tasks.size();
  errand_order order{st.run,
                     st.till,
                     core::call_role::synthesizer,
                     "",
                     1,
                     static_cast<std::uint32_t>(tasks) + 1,
                     std::move(effect.request),
                     effect.deadline_ms,
                     core::answer_bytes_max,
                     nullptr};
  st.synth = self->spawn<caf::monitored>(synthesizer, orchestrator_actor{self},
                                         std::move(order));
}

void act(self_ptr self, effects::stop_synthesizer&&) {
  if (self->state.synth)
    self->send_exit(self->state.synth, caf::exit_reason::kill);
}

void act(self_ptr self, effects::close_till&& effect) {
  auto& st = self->state;
  if (st.till_alive)
    self->send(st.till, close_till{till_owner_actor{self}, effect.suspend});
  else
    follow(self, st.machine->on_till_closed(run_ms(self)));
}

void act(self_ptr self, effects::end_run&&) {
  auto& st = self->state;
  self->send(st.parent,
             run_ended{st.run->serial, report_of(*st.run), st.spent});
  self->quit();
}

/// Asks the timekeeper for a wake when the next due time is earlier than the
/// one that is armed.
void arm(self_ptr self) {
  auto& st = self->state;
  // A run that winds down waits for its till only, which has its own limit.
  if (st.machine->is_stopping())
    return;
  const auto due = st.run->time_point_of(st.machine->next_due_ms());
  if (st.armed && *st.armed <= due)
    return;
  st.armed = due;
  self->send(st.parent, wake_me{st.run->serial, due});
}

void perform_all(self_ptr self, std::vector<core::run_effect> all) {
  for (auto& effect : all)
    std::visit([self](auto& x) { act(self, std::move(x)); }, effect);
}

/// Appends a step's events and performs its effects once they are durable.
void follow(self_ptr self, core::run_step step) {
  auto& st = self->state;
  std::vector<core::event> events;
  events.reserve(step.events.size());
  for (auto& body : step.events)
    events.push_back(st.run->stamp(std::move(body), now(self)));
  st.journal.append(
      self, *st.run, std::move(events),
      [self,
       todo = std::move(step.effects)](core::append_status status) mutable {
        auto& inner = self->state;
        // What was decided by events that are lost is not done;
        // an end is, or nobody would ever be answered.
        if (status == core::append_status::failed && !inner.machine->ended()) {
          if (std::exchange(inner.storage_ok, false))
            follow(self, inner.machine->on_storage_failed(run_ms(self)));
          return;
        }
        perform_all(self, std::move(todo));
      });
  if (st.machine)
    arm(self);
}

// -- ends of children ---------------------------------------------------------

void on_task_end(self_ptr self, task_ended& message) {
  auto& st = self->state;
  if (auto* done = std::get_if<core::work_done>(&message.end)) {
    follow(self,
           st.machine->on_task_done(message.task, message.attempt,
                                    std::move(done->result), run_ms(self)));
    return;
  }
  auto& failed = std::get<core::work_failed>(message.end);
  follow(self, st.machine->on_task_failed(
                   message.task, message.attempt, std::move(failed.code),
                   std::move(failed.message), run_ms(self)));
}

void on_synthesis_end(self_ptr self, synthesis_ended& message) {
  auto& st = self->state;
  if (auto* done = std::get_if<core::work_done>(&message.end)) {
    follow(self, st.machine->on_synthesis_done(std::move(done->result),
                                               run_ms(self)));
    return;
  }
  auto& failed = std::get<core::work_failed>(message.end);
  follow(self, st.machine->on_synthesis_failed(std::move(failed.code),
                                               std::move(failed.message),
                                               run_ms(self)));
}

void on_down(self_ptr self, const caf::down_msg& message) {
  auto& st = self->state;
  if (message.source == st.till.address()) {
    // It died without closing: nothing can be bought any more, and what was in
    // flight is in doubt. Both are begun again from the journal.
    if (std::exchange(st.till_alive, false) && !st.machine->ended())
      self->quit(caf::sec::runtime_error);
    return;
  }
  if (st.synth && message.source == st.synth.address()) {
    if (message.reason)
      follow(self, st.machine->on_synthesis_failed(
                       "crashed", "the synthesizer crashed", run_ms(self)));
    return;
  }
  auto i = st.worker_ids.find(message.source.id());
  if (i == st.worker_ids.end())
    return;
  const auto task = i->second;
  st.worker_ids.erase(i);
  auto live = st.workers.find(task);
  // An earlier attempt's worker, stopped and replaced.
  if (live == st.workers.end()
      || live->second.handle.address() != message.source)
    return;
  const auto attempt = live->second.attempt;
  st.workers.erase(live);
  // A worker that handed in its result or was stopped is no longer current,
  // and the machine ignores its end.
  if (message.reason)
    follow(self,
           st.machine->on_task_failed(task, attempt, "crashed",
                                      "the worker crashed", run_ms(self)));
}

} // namespace

orchestrator_state::~orchestrator_state() {
  if (synth)
    caf::anon_send_exit(synth, caf::exit_reason::kill);
  for (auto live = workers.rbegin(); live != workers.rend(); ++live)
    caf::anon_send_exit(live->second.handle, caf::exit_reason::kill);
  if (till && till_alive)
    caf::anon_send(till, close_till{till_owner_actor{parent}});
}

core::run_state state_of(const run_context& run) {
  core::run_state state;
  for (const auto& e : run.journal->read(run.run, 0, report_events_max))
    state.apply(*e);
  return state;
}

core::run_report report_of(const run_context& run) {
  core::run_report report;
  report.id = run.run;
  report.state = state_of(run);
  report.guarantees = core::guarantees_of(report.state);
  if (report.state.status == core::run_status::running) {
    // The end itself could not be stored: the run stands still (rule R1).
    report.state.status = core::run_status::suspended;
    report.state.reason = "storage_failure";
  }
  return report;
}

orchestrator_actor::behavior_type
orchestrator(self_ptr self, run_context_ptr run, core::run_order order,
             brigade_actor parent, budget_actor till,
             std::shared_ptr<const core::run_state> past,
             std::optional<core::approval_decision> decision) {
  guard(self);
  auto& st = self->state;
  st.jitter = make_jitter(run->seed);
  st.run = std::move(run);
  st.parent = std::move(parent);
  st.till = std::move(till);
  st.machine.emplace(std::move(order), make_jitter(st.run->seed + 1));
  self->monitor(st.till);
  self->send(st.till, watch_till{breach_listener_actor{self}});
  self->set_down_handler(
      [self](const caf::down_msg& message) { on_down(self, message); });
  follow(self,
         past ? st.machine->resume(*past, std::move(decision), run_ms(self))
              : st.machine->start(run_ms(self)));
  return {
      [self](bought& message) { on_plan_answer(self, message); },
      [self](const ask_again& message) {
        if (self->state.planner && message.nonce == self->state.nonce)
          buy_plan(self);
      },
      [self](task_ended& message) { on_task_end(self, message); },
      [self](synthesis_ended& message) { on_synthesis_end(self, message); },
      [self](const breached& message) {
        follow(self,
               self->state.machine->on_breach(message.model, run_ms(self)));
      },
      [self](const till_closed& message) {
        self->state.till_alive = false;
        self->state.spent = message.spent;
        if (message.storage_failed && !self->state.machine->ended()) {
          // A settlement may be lost: the run must not end as if all was known.
          follow(self, self->state.machine->on_storage_failed(run_ms(self)));
          return;
        }
        follow(self, self->state.machine->on_till_closed(run_ms(self)));
      },
      [self](stop_run& message) {
        follow(self, self->state.machine->on_stop(message.kind,
                                                  std::move(message.reason),
                                                  run_ms(self)));
      },
      [self](wake) {
        self->state.armed.reset();
        follow(self, self->state.machine->on_time(run_ms(self)));
      },
      [self](const journal_ended& message) {
        self->state.journal.ended(message);
      },
  };
}

} // namespace brigade::actors
