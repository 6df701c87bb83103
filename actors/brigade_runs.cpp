#include "brigade/actors/detail/brigade_runs.hpp"
#include "brigade/actors/budget.hpp"
#include "brigade/actors/orchestrator.hpp"

#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace brigade::actors::detail {

namespace {

core::reservation_id slice_of(std::uint64_t serial) {
  return core::reservation_id{serial};
}

/// What a run used up, where its till could not tell any more: nothing less
/// than it can have been. What its nested runs counted only their tills knew.
core::allowance at_most_spent(const core::run_state& state,
                              const core::allowance& slice) {
  core::allowance sum{state.spent + state.reserved, state.spent_tokens,
                      state.calls.size(), state.tasks.size()};
  for (const auto& call : state.calls) {
    if (!call.settled)
      sum = sum + core::allowance{{}, call.reserved_tokens, 0, 0};
    if (!call.nested_run.empty()) {
      sum.calls = slice.calls;
      sum.tasks = slice.tasks;
    }
  }
  return sum;
}

/// The end of a nested run, as the outcome of the call that it is.
core::outcome outcome_of(const core::run_report& report,
                         const core::allowance& spent) {
  using core::run_status;
  core::outcome result;
  result.bill = spent;
  result.reply.usage = report.state.tokens;
  result.request_id = report.id.text;
  switch (report.state.status) {
  case run_status::succeeded:
  case run_status::partial:
    result.code = core::outcome_code::ok;
    result.reply.text = report.state.answer;
    break;
  case run_status::cancelled:
    result.code = core::outcome_code::cancelled;
    result.message = report.state.message;
    break;
  default:
    result.code = core::outcome_code::nested_failed;
    result.message = "the nested run " + report.id.text + " ended "
                     + std::string{to_string(report.state.status)} + " ("
                     + report.state.reason + "): " + report.state.message;
    break;
  }
  return result;
}

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
  context->brigade = brigade_actor{self};
  for (const auto& model : next.order.crew->models) {
    auto entry = st.options.providers.find(model.provider);
    if (entry != st.options.providers.end())
      context->routes.emplace(
          model.alias, model_route{entry->second.provider,
                                   st.gateways.at(model.provider).handle});
  }
  const auto serial = context->serial;
  st.serials.emplace(context->run, serial);
  if (next.nested)
    st.serial_of_nested.emplace(next.nested->id, serial);
  auto till = self->spawn(budget, run_context_ptr{context},
                          core::ceiling_of(next.order));
  auto orchestrator_handle = self->spawn<caf::monitored>(
      orchestrator, run_context_ptr{context}, std::move(next.order),
      brigade_actor{self}, till);
  st.serial_of_orchestrator.emplace(orchestrator_handle.id(), serial);
  st.runs.emplace(serial,
                  brigade_state::live_run{
                      std::move(context), std::move(next.promise),
                      std::move(next.nested), std::move(orchestrator_handle),
                      std::move(till), std::nullopt});
}

/// Ends the run by what is durable.
void end_as_durable(self_ptr self, std::uint64_t serial,
                    const run_context& context) {
  auto i = self->state.runs.find(serial);
  if (i != self->state.runs.end())
    end(self, serial, report_of(context), i->second.spent);
}

/// Nobody will ever tell how the calls of this run ended that are open; the run
/// ends `failed`, unless its orchestrator wrote its end before it died.
void bury(self_ptr self, std::uint64_t serial) {
  auto& st = self->state;
  auto run = st.runs.find(serial);
  if (run == st.runs.end())
    return;
  const auto context = run->second.context;
  revoke(*context);
  st.journal.barrier(
      self, *context, [self, serial, context](core::append_status) {
        const auto state = state_of(*context);
        std::vector<core::event> events;
        for (const auto& call : state.calls)
          if (!call.settled)
            events.push_back(context->stamp(
                core::events::call_in_doubt{call.id, call.worst_case,
                                            "the run's actors crashed",
                                            call.reserved_tokens},
                now(self)));
        if (state.phase != core::run_phase::finished
            && state.status != core::run_status::suspended) {
          core::events::run_finished finished;
          finished.status = core::run_status::failed;
          finished.reason = "internal";
          finished.message = "the run's orchestrator crashed";
          events.push_back(context->stamp(std::move(finished), now(self)));
        } else {
          // Nothing follows a terminal event (rule L2), and a run that stands
          // still can be continued.
          events.clear();
        }
        // Where this is not durable, the report says that the run stands still.
        self->state.journal.append(
            self, *context, std::move(events),
            [self, serial, context](core::append_status) {
              end_as_durable(self, serial, *context);
            });
      });
}

} // namespace

std::optional<std::string> fault_of(const brigade_state& st,
                                    const core::run_order& order) {
  if (st.stopping)
    return "the brigade is shutting down";
  if (!core::is_run_id(order.id.text))
    return "the run id must be a ULID (core::make_run_id)";
  if (st.serials.contains(order.id))
    return "run " + order.id.text + " is already going";
  if (std::any_of(st.queue.begin(), st.queue.end(),
                  [&order](const auto& w) { return w.order.id == order.id; }))
    return "run " + order.id.text + " waits already";
  if (!st.port->read(order.id, 0, 1).empty())
    return "run " + order.id.text
           + " is in the journal already; a new run needs an id of its own";
  if (!order.crew || order.crew->workers.empty())
    return "the order has no crew with workers";
  if (order.goal.find_first_not_of(" \t\r\n") == std::string::npos)
    return "the goal is empty";
  if (order.goal.size() > order.crew->limits.goal_bytes_max)
    return "the goal is longer than limits.goal_bytes_max";
  if (core::ceiling_of(order).cost < core::pico_usd{0})
    return "the run's ceiling is negative";
  if (st.queue.size() >= st.options.queue_max)
    return "too many runs wait; try again later";
  return std::nullopt;
}

void start_waiting(self_ptr self) {
  auto& st = self->state;
  while (!st.queue.empty() && st.runs.size() < st.options.runs_max) {
    auto& next = st.queue.front();
    const auto slice = core::ceiling_of(next.order);
    if (!core::fits(slice, st.process.available_at_best(false))) {
      next.promise.deliver(refused_run(
          "the run's ceiling is more than what is left of the ceiling of the "
          "whole process"));
    } else if (st.process.reserve(slice_of(st.last_serial + 1), slice, false)) {
      auto started = std::move(next);
      st.queue.pop_front();
      start(self, std::move(started));
      continue;
    } else {
      return; // What runs now may leave enough of its slice.
    }
    st.queue.pop_front();
  }
}

bool drop_waiting(self_ptr self, const core::run_id& run) {
  auto& queue = self->state.queue;
  auto i = std::find_if(queue.begin(), queue.end(),
                        [&run](const auto& w) { return w.order.id == run; });
  if (i == queue.end())
    return false;
  i->promise.deliver(
      refused_run("run " + run.text + " was stopped before it began"));
  queue.erase(i);
  // It may have been the one for which there was no room.
  start_waiting(self);
  return true;
}

void start_nested(self_ptr self, send_try call) {
  auto& st = self->state;
  if (st.serial_of_nested.contains(call.id))
    return; // A duplicate: it is going.
  if (*call.revoked)
    return; // Its till is dead: nobody holds money for it any more.
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      call.deadline - now(self));
  core::outcome refused;
  if (left.count() <= 0)
    refused.message = "the deadline passed before the nested run began";
  else if (st.stopping)
    refused.message = "the brigade is shutting down";
  else if (st.serials.contains(call.nested_run))
    refused.message = "the nested run is already going";
  if (!refused.message.empty()) {
    self->send(call.budget, tried{call.call, std::move(refused)});
    return;
  }
  auto order = *call.what->nested;
  order.id = call.nested_run;
  order.slice = call.slice;
  order.deadline_ms = left.count();
  start(self, {std::move(order), {}, std::move(call)});
}

void cancel_nested(self_ptr self, core::try_id id) {
  auto& st = self->state;
  auto serial = st.serial_of_nested.find(id);
  if (serial == st.serial_of_nested.end())
    return;
  const auto& run = st.runs.at(serial->second);
  self->send(run.orchestrator,
             stop_run{run.context->run, core::stop_kind::cancel,
                      "the run above gave it up"});
}

void cancel_all_nested(self_ptr self, std::uint64_t run) {
  for (const auto& [id, serial] : self->state.serial_of_nested)
    if (static_cast<std::uint64_t>(id) >> call_id_bits == run)
      cancel_nested(self, id);
}

void end(self_ptr self, std::uint64_t serial, core::run_report report,
         std::optional<core::allowance> spent) {
  auto& st = self->state;
  auto i = st.runs.find(serial);
  if (i == st.runs.end())
    return;
  auto run = std::move(i->second);
  st.runs.erase(i);
  st.serials.erase(run.context->run);
  if (st.forget_logs)
    st.port->forget(run.context->run);
  const auto slice = run.nested ? run.nested->slice
                                : st.process.reserved_for(slice_of(serial))
                                      .value_or(core::allowance{});
  const auto used = spent ? *spent : at_most_spent(report.state, slice);
  if (run.nested) {
    st.serial_of_nested.erase(run.nested->id);
    self->send(run.nested->budget,
               tried{run.nested->call, outcome_of(report, used)});
  } else {
    static_cast<void>(st.process.settle(slice_of(serial), used));
    run.promise.deliver(std::move(report));
  }
  start_waiting(self);
  quit_when_stopped(self);
}

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
  st.serial_of_till.emplace(run->second.till.id(), serial);
  self->monitor(run->second.till);
  self->send(run->second.till, close_till{till_owner_actor{self}});
}

void on_till_down(self_ptr self, const caf::down_msg& message) {
  auto& st = self->state;
  auto i = st.serial_of_till.find(message.source.id());
  if (i == st.serial_of_till.end())
    return;
  const auto serial = i->second;
  st.serial_of_till.erase(i);
  bury(self, serial);
}

void quit_when_stopped(self_ptr self) {
  auto& st = self->state;
  if (!st.stopping || !st.runs.empty())
    return;
  st.stopping->deliver(stopped{0});
  st.stopping.reset();
  self->quit();
}

} // namespace brigade::actors::detail
