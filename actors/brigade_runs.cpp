#include "brigade/actors/detail/brigade_runs.hpp"
#include "brigade/actors/detail/brigade_lives.hpp"
#include "brigade/actors/detail/next_life.hpp"
#include <algorithm>
#include <limits>
#include <utility>

namespace brigade::actors::detail {

namespace {

core::reservation_id slice_of(std::uint64_t serial) {
  return core::reservation_id{serial};
}

/// Drops the logs of a run and of those nested in it.
void forget_family(const brigade_state& st, const core::run_id& run) {
  for (const auto& e :
       st.port->read(run, 0, std::numeric_limits<std::size_t>::max())) {
    const auto* call = std::get_if<core::events::call_intended>(&e->body);
    if (call != nullptr && !call->nested_run.empty())
      forget_family(st, core::run_id{call->nested_run});
  }
  st.port->forget(run);
}

} // namespace

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

core::events::call_settled settled_by(const core::call_state& call,
                                      const core::outcome& result,
                                      const core::allowance& charged) {
  core::events::call_settled settled;
  settled.id = call.id;
  settled.code = result.code;
  settled.rule = core::money_rule::settle;
  settled.charged = charged.cost;
  settled.charged_tokens = charged.tokens;
  settled.charged_calls = charged.calls;
  settled.charged_tasks = charged.tasks;
  settled.reply = result.reply.text;
  settled.message = result.message;
  settled.request_id = result.request_id;
  if (result.reply.usage) {
    settled.tokens = *result.reply.usage;
    settled.usage_known = true;
  }
  return settled;
}

std::optional<std::string> fault_of(const brigade_state& st,
                                    const core::run_order& order,
                                    const resume_run* resumed) {
  if (st.stopping)
    return "the brigade is shutting down";
  if (!core::is_run_id(order.id.text))
    return "the run id must be a ULID (core::make_run_id)";
  if (st.serials.contains(order.id))
    return "run " + order.id.text + " is already going";
  if (std::any_of(st.queue.begin(), st.queue.end(),
                  [&order](const auto& w) { return w.order.id == order.id; }))
    return "run " + order.id.text + " waits already";
  if (resumed != nullptr) {
    if (auto fault = fault_of_resume(st, *resumed))
      return fault;
  } else if (!st.port->read(order.id, 0, 1).empty()) {
    return "run " + order.id.text
           + " is in the journal already; a new run needs an id of its own";
  }
  if (!order.crew || order.crew->workers.empty())
    return "the order has no crew with workers";
  if (order.goal.find_first_not_of(" \t\r\n") == std::string::npos)
    return "the goal is empty";
  if (order.goal.size() > order.crew->limits.goal_bytes_max)
    return "the goal is longer than limits.goal_bytes_max";
  if (core::ceiling_of(order).cost < core::pico_usd{0})
    return "the run's ceiling is negative";
  if (st.queue.size() >= st.options.queue_max
      && (resumed == nullptr || !only_ends(*resumed)))
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

void end_only(self_ptr self, brigade_state::waiting_run next) {
  auto& st = self->state;
  // It buys nothing; what it has bought was counted when it was.
  static_cast<void>(
      st.process.reserve(slice_of(st.last_serial + 1), {}, false));
  start(self, std::move(next));
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
  order.source = source_of_nested(self, call, order);
  start(self, {std::move(order), {}, std::move(call)});
}

void cancel_nested(self_ptr self, core::try_id id, bool suspend) {
  auto& st = self->state;
  auto serial = st.serial_of_nested.find(id);
  if (serial == st.serial_of_nested.end())
    return;
  auto& run = st.runs.at(serial->second);
  stop(self, run,
       {run.context->run,
        suspend ? core::stop_kind::suspend : core::stop_kind::cancel,
        suspend ? "the run above stands still" : "the run above gave it up"});
}

void stop(self_ptr self, brigade_state::live_run& run, stop_run message) {
  if (run.orchestrator)
    self->send(run.orchestrator, message);
  // Should that life die of it, the next one is told again.
  run.pending_stop = std::move(message);
}

void cancel_all_nested(self_ptr self, std::uint64_t run) {
  for (const auto& [id, serial] : self->state.serial_of_nested)
    if (static_cast<std::uint64_t>(id) >> call_id_bits == run)
      cancel_nested(self, id, false);
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
  st.port->release(run.context->run);
  // A nested log tells the run above what it cost, until that has ended too.
  if (st.forget_logs && !run.nested)
    forget_family(st, run.context->run);
  const auto slice = run.nested ? run.nested->slice
                                : st.process.reserved_for(slice_of(run.slice))
                                      .value_or(core::allowance{});
  const auto used = spent ? *spent : at_most_spent(report.state, slice);
  if (run.nested) {
    st.serial_of_nested.erase(run.nested->id);
    const bool suspended = report.state.status == core::run_status::suspended;
    self->send(run.nested->budget,
               tried{run.nested->call, outcome_of(report, used), suspended});
  } else {
    static_cast<void>(
        st.process.settle(slice_of(run.slice), used - run.spent_before));
    run.promise.deliver(std::move(report));
  }
  start_waiting(self);
  quit_when_stopped(self);
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
