#include "brigade/actors/brigade.hpp"

#include "brigade/actors/bridge/memory_journal.hpp"
#include "brigade/actors/detail/brigade_gateways.hpp"
#include "brigade/actors/detail/brigade_lives.hpp"
#include "brigade/actors/detail/brigade_runs.hpp"
#include "brigade/actors/detail/next_life.hpp"
#include "brigade/actors/orchestrator.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/make_message.hpp>
#include <caf/system_messages.hpp>

#include <utility>

namespace brigade::actors {

namespace {

using detail::self_ptr;

// -- timekeeper ---------------------------------------------------------------

void arm(self_ptr self) {
  auto& st = self->state;
  if (st.wakes.empty())
    return;
  const auto due = st.wakes.begin()->first;
  if (st.armed && *st.armed <= due)
    return;
  st.armed = due;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
      std::max(due - now(self), caf::actor_clock::duration_type::zero()));
  send_later(self, wait, tick{due});
}

void on_tick(self_ptr self, const tick& message) {
  auto& st = self->state;
  // One that an earlier due time took over must not arm another.
  if (st.armed != message.due)
    return;
  st.armed.reset();
  const auto at = now(self);
  while (!st.wakes.empty() && st.wakes.begin()->first <= at) {
    const auto serial = st.wakes.begin()->second;
    st.wakes.erase(st.wakes.begin());
    auto run = st.runs.find(serial);
    if (run != st.runs.end() && run->second.orchestrator)
      self->send(run->second.orchestrator, wake{});
  }
  arm(self);
}

// -- submit and shutdown ------------------------------------------------------

caf::result<core::run_report> on_submit(self_ptr self, submit& message) {
  auto& st = self->state;
  if (auto fault = detail::fault_of(st, message.order, nullptr))
    return refused_run(std::move(*fault));
  auto promise = self->make_response_promise<core::run_report>();
  st.queue.push_back({std::move(message.order), promise, std::nullopt});
  detail::start_waiting(self);
  return promise;
}

caf::result<core::run_report> on_resume(self_ptr self, resume_run& message) {
  auto& st = self->state;
  if (auto fault = detail::fault_of(st, message.order, &message))
    return refused_run(std::move(*fault));
  auto promise = self->make_response_promise<core::run_report>();
  auto order = std::move(message.order);
  brigade_state::waiting_run next{std::move(order), promise, std::nullopt,
                                  std::move(message)};
  if (detail::only_ends(*next.resumed)) {
    detail::end_only(self, std::move(next));
    return promise;
  }
  st.queue.push_back(std::move(next));
  detail::start_waiting(self);
  return promise;
}

caf::result<stopped> on_shutdown(self_ptr self, const shutdown& message) {
  auto& st = self->state;
  if (st.stopping)
    return refused_run("the brigade is shutting down already");
  auto promise = self->make_response_promise<stopped>();
  st.stopping = promise;
  while (!st.queue.empty()) {
    st.queue.front().promise.deliver(refused_run("the brigade is shutting "
                                                 "down"));
    st.queue.pop_front();
  }
  // The newest first. Nested runs end with the runs above them.
  for (auto run = st.runs.rbegin(); run != st.runs.rend(); ++run)
    if (!run->second.nested)
      detail::stop(
          self, run->second,
          {run->second.context->run, core::stop_kind::suspend, message.reason});
  send_later(self, message.grace, grace_over{});
  detail::quit_when_stopped(self);
  return promise;
}

void on_grace_over(self_ptr self) {
  auto& st = self->state;
  if (!st.stopping)
    return;
  // What is left is ended by force, with the brigade.
  for (auto& [serial, run] : st.runs) {
    if (run.nested)
      continue;
    auto report = report_of(*run.context);
    if (report.state.status == core::run_status::suspended)
      report.state.reason = "shutdown";
    run.promise.deliver(std::move(report));
    run.promise = {};
  }
  st.stopping->deliver(stopped{static_cast<std::uint32_t>(st.runs.size())});
  st.stopping.reset();
  self->quit();
}

} // namespace

brigade_state::~brigade_state() {
  // Whoever waits for a run is told: a dropped promise would never answer.
  for (auto& waiting : queue)
    waiting.promise.deliver(refused_run("the brigade has ended"));
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (run->second.promise.pending())
      run->second.promise.deliver(refused_run("the brigade has ended"));
    if (run->second.orchestrator)
      caf::anon_send_exit(run->second.orchestrator, caf::exit_reason::kill);
  }
  for (auto& [provider, kept] : gateways)
    if (kept.handle)
      caf::anon_send_exit(kept.handle, caf::exit_reason::user_shutdown);
  if (watcher)
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
}

brigade_actor::behavior_type brigade(self_ptr self, brigade_options options) {
  guard(self);
  auto& st = self->state;
  st.options = std::move(options);
  st.process = core::ledger{st.options.ceiling};
  if (!st.options.wall_ms)
    st.options.wall_ms = [] { return std::int64_t{0}; };
  st.forget_logs = !st.options.journal;
  if (!st.options.journal)
    st.options.journal = bridge::make_memory_journal();
  st.port = std::make_shared<watched_journal>(st.options.journal);
  st.watcher = self->spawn(journal, st.port);
  st.port->watch_with(st.watcher);
  detail::open_gateways(self);
  self->set_down_handler([self](const caf::down_msg& message) {
    detail::on_orchestrator_down(self, message);
    detail::on_till_down(self, message);
    detail::on_gateway_down(self, message);
  });
  return {
      [self](submit& message) { return on_submit(self, message); },
      [self](resume_run& message) { return on_resume(self, message); },
      [self](const stop_run& message) {
        auto& state = self->state;
        auto serial = state.serials.find(message.run);
        if (serial != state.serials.end())
          detail::stop(self, state.runs.at(serial->second), message);
        else
          detail::drop_waiting(self, message.run);
      },
      [self](const shutdown& message) { return on_shutdown(self, message); },
      [self](send_try& call) { detail::start_nested(self, std::move(call)); },
      [self](const cancel_try& message) {
        detail::cancel_nested(self, message.id, message.suspend);
      },
      [self](const drop_run& message) {
        detail::cancel_all_nested(self, message.run);
        for (const auto& [provider, kept] : self->state.gateways)
          if (kept.handle)
            self->send(kept.handle, message);
      },
      [self](subscribe& message) {
        self->send(self->state.watcher, std::move(message));
      },
      [self](const wake_me& message) {
        self->state.wakes.emplace(message.at, message.run);
        arm(self);
      },
      [self](run_ended& message) {
        detail::end(self, message.run, std::move(message.report),
                    message.spent);
      },
      [self](const till_closed& message) {
        // Its exit follows and is what counts.
        auto run = self->state.runs.find(message.run);
        if (run != self->state.runs.end())
          run->second.spent = message.spent;
      },
      [self](const tick& message) { on_tick(self, message); },
      [self](grace_over) { on_grace_over(self); },
      [self](const journal_ended& message) {
        self->state.journal.ended(message);
      },
  };
}

brigade_actor spawn_brigade(caf::actor_system& system,
                            brigade_options options) {
  return system.spawn(brigade, std::move(options));
}

void configure(caf::actor_system_config& config) {
  // A busy actor yields after this many messages, so that one run with many
  // workers cannot starve the others. Source: CAF's default is unlimited.
  constexpr std::size_t messages_per_turn_max = 50;
  config.set("scheduler.max-throughput", messages_per_turn_max);
}

caf::error refused_run(std::string message) {
  return caf::make_error(caf::sec::invalid_argument, std::move(message));
}

} // namespace brigade::actors
