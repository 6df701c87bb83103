#include "brigade/actors/brigade.hpp"

#include "brigade/actors/bridge/memory_journal.hpp"
#include "brigade/actors/budget.hpp"
#include "brigade/actors/orchestrator.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/system_messages.hpp>
#include <caf/make_message.hpp>

#include <utility>

namespace brigade::actors {

namespace {

using self_ptr = brigade_actor::stateful_pointer<brigade_state>;

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
  send_later(self, wait, tick{});
}

void on_tick(self_ptr self) {
  auto& st = self->state;
  st.armed.reset();
  const auto at = now(self);
  while (!st.wakes.empty() && st.wakes.begin()->first <= at) {
    const auto serial = st.wakes.begin()->second;
    st.wakes.erase(st.wakes.begin());
    auto run = st.runs.find(serial);
    if (run != st.runs.end())
      self->send(run->second.orchestrator, wake{});
  }
  arm(self);
}

// -- runs ---------------------------------------------------------------------

void start(self_ptr self, brigade_state::waiting_run next) {
  auto& st = self->state;
  auto context = std::make_shared<run_context>();
  context->run = next.order.id;
  context->serial = ++st.last_serial;
  context->crew = next.order.crew;
  context->journal = st.port;
  context->wall_ms = st.options.wall_ms;
  context->seed = st.options.seed + context->serial * 0x9e3779b97f4a7c15ULL;
  context->started = now(self);
  for (const auto& model : next.order.crew->models) {
    auto entry = st.options.providers.find(model.provider);
    if (entry != st.options.providers.end())
      context->routes.emplace(model.alias,
                              model_route{entry->second.provider,
                                          st.gateways.at(model.provider)});
  }
  const auto serial = context->serial;
  const auto ceiling
    = next.order.ceiling.value_or(next.order.crew->limits.cost);
  st.serials.emplace(context->run, serial);
  auto till = self->spawn(budget, run_context_ptr{context}, ceiling);
  auto orchestrator_handle = self->spawn<caf::monitored>(
    orchestrator, run_context_ptr{context}, std::move(next.order),
    brigade_actor{self}, till);
  st.serial_of_orchestrator.emplace(orchestrator_handle.id(), serial);
  st.runs.emplace(serial,
                  brigade_state::live_run{std::move(context),
                                          std::move(next.promise),
                                          std::move(orchestrator_handle),
                                          std::move(till)});
}

void start_waiting(self_ptr self) {
  auto& st = self->state;
  while (!st.queue.empty() && st.runs.size() < st.options.runs_max) {
    auto next = std::move(st.queue.front());
    st.queue.pop_front();
    start(self, std::move(next));
  }
}

/// What is wrong with an order, or nothing.
std::optional<std::string> fault_of(const brigade_state& st,
                                    const core::run_order& order) {
  if (!core::is_run_id(order.id.text))
    return "the run id must be a ULID (core::make_run_id)";
  if (st.serials.contains(order.id))
    return "run " + order.id.text + " is already going";
  if (!order.crew || order.crew->workers.empty())
    return "the order has no crew with workers";
  if (order.goal.find_first_not_of(" \t\r\n") == std::string::npos)
    return "the goal is empty";
  if (order.goal.size() > order.crew->limits.goal_bytes_max)
    return "the goal is longer than limits.goal_bytes_max";
  if (st.queue.size() >= st.options.queue_max)
    return "too many runs wait; try again later";
  return std::nullopt;
}

void end(self_ptr self, std::uint64_t serial, core::run_report report) {
  auto& st = self->state;
  auto i = st.runs.find(serial);
  if (i == st.runs.end())
    return;
  auto run = std::move(i->second);
  st.runs.erase(i);
  st.serials.erase(run.context->run);
  if (st.forget_logs)
    st.port->forget(run.context->run);
  run.promise.deliver(std::move(report));
  start_waiting(self);
}

/// An orchestrator died before its run had ended: its till is closed, and the
/// run ends `failed`, once (rule L1).
void on_orchestrator_down(self_ptr self, const caf::down_msg& message) {
  auto& st = self->state;
  auto i = st.serial_of_orchestrator.find(message.source.id());
  if (i == st.serial_of_orchestrator.end())
    return;
  const auto serial = i->second;
  st.serial_of_orchestrator.erase(i);
  auto run = st.runs.find(serial);
  if (run == st.runs.end())
    return;
  self->monitor(run->second.till);
  self->send(run->second.till, close_till{till_owner_actor{self}});
}

/// The till of an orphaned run is gone.
void on_till_down(self_ptr self, const caf::down_msg& message) {
  auto& st = self->state;
  for (auto& [serial, run] : st.runs) {
    if (run.till.address() != message.source)
      continue;
    const auto context = run.context;
    std::vector<core::event> events;
    for (const auto& call : report_of(*context).state.calls)
      if (!call.settled)
        events.push_back(context->stamp(
          core::events::call_in_doubt{call.id, call.reserved,
                                      "the run's actors crashed"},
          now(self)));
    core::events::run_finished finished;
    finished.status = core::run_status::failed;
    finished.reason = "internal";
    finished.message = "the run's orchestrator crashed";
    events.push_back(context->stamp(std::move(finished), now(self)));
    context->journal->append(context->run, std::move(events));
    end(self, serial, report_of(*context));
    return;
  }
}

} // namespace

brigade_state::~brigade_state() {
  for (auto& [serial, run] : runs)
    caf::anon_send_exit(run.orchestrator, caf::exit_reason::kill);
  for (auto& [provider, handle] : gateways)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  if (watcher)
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
}

brigade_actor::behavior_type brigade(self_ptr self, brigade_options options) {
  guard(self);
  auto& st = self->state;
  st.options = std::move(options);
  if (!st.options.wall_ms)
    st.options.wall_ms = [] { return std::int64_t{0}; };
  st.forget_logs = !st.options.journal;
  if (!st.options.journal)
    st.options.journal = bridge::make_memory_journal();
  st.port = std::make_shared<watched_journal>(st.options.journal);
  st.watcher = self->spawn(journal, st.port);
  st.port->watch_with(st.watcher);
  for (const auto& [name, entry] : st.options.providers)
    st.gateways.emplace(name,
                        self->spawn(gateway, entry.provider, entry.limits));
  self->set_down_handler([self](const caf::down_msg& message) {
    on_orchestrator_down(self, message);
    on_till_down(self, message);
  });
  return {
    [self](submit& message) -> caf::result<core::run_report> {
      auto& state = self->state;
      if (auto fault = fault_of(state, message.order))
        return refused_run(std::move(*fault));
      auto promise = self->make_response_promise<core::run_report>();
      state.queue.push_back({std::move(message.order), promise});
      start_waiting(self);
      return promise;
    },
    [self](const stop_run& message) {
      auto& state = self->state;
      auto serial = state.serials.find(message.run);
      if (serial != state.serials.end())
        self->send(state.runs.at(serial->second).orchestrator, message);
    },
    [self](subscribe& message) {
      self->send(self->state.watcher, std::move(message));
    },
    [self](const wake_me& message) {
      self->state.wakes.emplace(message.at, message.run);
      arm(self);
    },
    [self](run_ended& message) {
      end(self, message.run, std::move(message.report));
    },
    [](const till_closed&) {
      // Its exit follows and is what counts.
    },
    [self](tick) { on_tick(self); },
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
