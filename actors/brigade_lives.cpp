#include "brigade/actors/detail/brigade_lives.hpp"

#include "brigade/actors/budget.hpp"
#include "brigade/actors/detail/next_life.hpp"
#include "brigade/actors/orchestrator.hpp"
#include "brigade/core/model/digest.hpp"

#include <caf/system_messages.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace brigade::actors::detail {

namespace {

constexpr auto all_events = std::numeric_limits<std::size_t>::max();

/// What the actors of one life share.
std::shared_ptr<run_context> make_context(self_ptr self,
                                          const core::run_order& order,
                                          std::uint32_t epoch,
                                          std::int64_t run_ms) {
  auto& st = self->state;
  auto context = std::make_shared<run_context>();
  context->run = order.id;
  context->serial = ++st.last_serial;
  context->crew = order.crew;
  context->journal = st.port;
  context->epoch = epoch;
  context->wall_ms = st.options.wall_ms;
  context->seed = st.options.seed + context->serial * 0x9e3779b97f4a7c15ULL;
  context->started = now(self) - std::chrono::milliseconds{run_ms};
  context->brigade = brigade_actor{self};
  for (const auto& model : order.crew->models) {
    auto entry = st.options.providers.find(model.provider);
    if (entry != st.options.providers.end())
      context->routes.emplace(
          model.alias, model_route{entry->second.provider,
                                   st.gateways.at(model.provider).handle});
  }
  return context;
}

void spawn_actors(self_ptr self, std::uint64_t serial, past_events past,
                  std::shared_ptr<const core::run_state> state) {
  auto& st = self->state;
  auto& run = st.runs.at(serial);
  run.till = self->spawn(budget, run_context_ptr{run.context},
                         core::ceiling_of(run.order), std::move(past));
  auto decision = state ? decision_for(run, *state) : std::nullopt;
  run.orchestrator = self->spawn<caf::monitored>(
      orchestrator, run_context_ptr{run.context}, core::run_order{run.order},
      brigade_actor{self}, run.till, std::move(state), std::move(decision));
  st.serial_of_orchestrator.emplace(run.orchestrator.id(), serial);
  // Also one that an earlier life was told, and died of or before.
  if (run.pending_stop)
    self->send(run.orchestrator, *run.pending_stop);
}

// -- lives --------------------------------------------------------------------

void end_as_durable(self_ptr self, std::uint64_t serial,
                    const run_context& context) {
  auto i = self->state.runs.find(serial);
  if (i == self->state.runs.end())
    return;
  auto report = report_of(context);
  if (self->state.stopping
      && report.state.status == core::run_status::suspended)
    report.state.reason = "shutdown";
  end(self, serial, std::move(report), i->second.spent);
}

/// The run is known by the number of its next life from here on.
void renumber(self_ptr self, std::uint64_t from,
              std::shared_ptr<run_context> context) {
  auto& st = self->state;
  auto node = st.runs.extract(from);
  auto& run = node.mapped();
  const auto serial = context->serial;
  node.key() = serial;
  run.context = std::move(context);
  run.orchestrator = nullptr;
  run.till = nullptr;
  run.spent.reset();
  st.serials.insert_or_assign(run.context->run, serial);
  if (run.nested)
    st.serial_of_nested.insert_or_assign(run.nested->id, serial);
  st.runs.insert(std::move(node));
}

void start_nested_again(self_ptr self, const brigade_state::live_run& above,
                        nested_life nested) {
  auto& st = self->state;
  send_try call;
  call.id = above.context->try_of(nested.call);
  call.call = nested.call;
  call.deadline = above.context->time_point_of(core::deadline_of(above.order));
  call.budget = above.till;
  call.nested_run = nested.order.id;
  call.slice = *nested.order.slice;
  call.run = above.context->run;
  call.revoked = above.context->revoked;
  if (st.serial_of_nested.contains(call.id))
    return;
  brigade_state::waiting_run next;
  next.resumed = resume_run{{}, "restart", nested.changes_accepted};
  // What is nested in a run that only ends does no more than that.
  if (above.decision && above.decision->kind == core::decision_kind::cancel)
    next.resumed->decision = above.decision;
  next.order = std::move(nested.order);
  next.nested = std::move(call);
  start(self, std::move(next));
}

/// Its news are durable: another life begins.
void begin_life(self_ptr self, std::uint64_t serial,
                const std::shared_ptr<next_life>& life) {
  auto& st = self->state;
  if (!st.runs.contains(serial))
    return;
  for (auto& e : life->news) {
    life->state.apply(e);
    life->past.push_back(std::make_shared<const core::event>(std::move(e)));
  }
  spawn_actors(self, serial,
               std::make_shared<const std::vector<core::event_ptr>>(
                   std::move(life->past)),
               std::make_shared<const core::run_state>(std::move(life->state)));
  // The till is there: it holds their money.
  for (auto& nested : life->nested)
    start_nested_again(self, st.runs.at(serial), std::move(nested));
}

/// Whether nobody has worked on it yet.
bool is_only_submitted(const std::vector<core::event_ptr>& log) {
  return log.size() == 1
         && std::holds_alternative<core::events::run_submitted>(
             log.front()->body);
}

/// Begins another life of a run: from what is durable of the earlier ones.
void go_on(self_ptr self, std::uint64_t old_serial, const way_on& way) {
  auto& st = self->state;
  auto life = std::make_shared<next_life>();
  const auto old = st.runs.at(old_serial).context;
  life->past = st.port->read(old->run, 0, all_events);
  for (const auto& e : life->past)
    life->state.apply(*e);
  if (life->past.empty() || life->state.phase == core::run_phase::finished) {
    // Nothing follows a terminal event (rule L2); nothing was begun where there
    // are no events.
    end_as_durable(self, old_serial, *old);
    return;
  }
  if (way.first && is_only_submitted(life->past)) {
    life->context = make_context(self, st.runs.at(old_serial).order, 1, 0);
    renumber(self, old_serial, life->context);
    begin_life(self, life->context->serial, life);
    return;
  }
  // What it stood still counts for no limit; where only its actors crashed, it
  // did not stand still.
  const auto run_ms =
      way.taken_up ? life->state.last_at_ms
                   : std::max(life->state.last_at_ms, old->run_ms(now(self)));
  life->context = make_context(self, st.runs.at(old_serial).order,
                               life->state.epoch + 1, run_ms);
  if (way.taken_up) // Calls in flight are charged in full.
    st.runs.at(old_serial).spent_before = {
        life->state.spent + life->state.reserved, life->state.spent_tokens,
        life->state.calls.size(),
        // Those of a plan that waits are counted once it is worked on.
        life->state.awaits_approval() ? 0 : life->state.tasks.size()};
  renumber(self, old_serial, life->context);
  const auto serial = life->context->serial;
  write_news(self, st.runs.at(serial), way, *life);
  st.journal.append(self, *life->context, life->news,
                    [self, serial, life](core::append_status status) {
                      if (status == core::append_status::durable)
                        begin_life(self, serial, life);
                      else // The report says that the run stands still.
                        end_as_durable(self, serial, *life->context);
                    });
}

/// It crashed too often: the run ends `failed`, by what is durable.
void bury(self_ptr self, std::uint64_t serial, const run_context_ptr& context) {
  auto& st = self->state;
  const auto state = state_of(*context);
  std::vector<core::event> events;
  // Nothing follows a terminal event (rule L2), and a run that stands still can
  // be continued.
  if (state.phase != core::run_phase::finished
      && state.status != core::run_status::suspended) {
    for (const auto& call : state.calls)
      if (!call.settled)
        events.push_back(context->stamp(
            core::events::call_in_doubt{
                call.id, call.worst_case, "the run's actors crashed",
                call.reserved_tokens, call.reserved_calls, call.reserved_tasks},
            now(self)));
    core::events::run_finished finished;
    finished.status = core::run_status::failed;
    finished.reason = "internal";
    finished.message = "the run's orchestrator crashed "
                       + std::to_string(orchestrator_restarts_max + 1)
                       + " times";
    // What is decided stays so.
    if (const auto& told = state.ending)
      finished = {told->status, told->reason, told->message, told->answer};
    events.push_back(context->stamp(std::move(finished), now(self)));
  }
  // Where this is not durable, the report says that the run stands still.
  st.journal.append(self, *context, std::move(events),
                    [self, serial, context](core::append_status) {
                      end_as_durable(self, serial, *context);
                    });
}

/// The actors of a run are gone, and nobody will tell any more how its calls
/// ended that are open.
void on_actors_gone(self_ptr self, std::uint64_t serial) {
  auto& st = self->state;
  auto run = st.runs.find(serial);
  if (run == st.runs.end())
    return;
  const run_context_ptr context = run->second.context;
  revoke(*context);
  st.journal.barrier(
      self, *context, [self, serial, context](core::append_status) {
        auto& state = self->state;
        auto i = state.runs.find(serial);
        if (i == state.runs.end())
          return;
        const auto suspended =
            state_of(*context).status == core::run_status::suspended;
        // A nested run that stops now is not waited for: its call has ended.
        const bool forsaken = state.stopping && i->second.nested;
        if (suspended || (state.stopping && !forsaken))
          end_as_durable(self, serial, *context);
        else if (!forsaken
                 && i->second.restarts.allow(context->run_ms(now(self))))
          go_on(self, serial, {"crash"});
        else
          bury(self, serial, context);
      });
}

} // namespace

core::run_source_ptr source_of_nested(self_ptr self, const send_try& call,
                                      const core::run_order& order) {
  auto& st = self->state;
  const auto above = st.serials.find(call.run);
  if (above == st.serials.end() || !st.runs.at(above->second).order.source)
    return nullptr;
  return core::make_run_source(*order.crew, order.inputs);
}

void start(self_ptr self, brigade_state::waiting_run next) {
  auto& st = self->state;
  auto context = make_context(self, next.order, 1, 0);
  const auto serial = context->serial;
  st.serials.insert_or_assign(context->run, serial);
  if (next.nested)
    st.serial_of_nested.emplace(next.nested->id, serial);
  brigade_state::live_run run;
  run.context = std::move(context);
  run.promise = std::move(next.promise);
  run.nested = std::move(next.nested);
  run.order = std::move(next.order);
  run.slice = serial;
  st.runs.emplace(serial, std::move(run));
  if (next.resumed) {
    st.runs.at(serial).decision = next.resumed->decision;
    go_on(self, serial, way_of(*next.resumed));
    return;
  }
  st.port->begin(st.runs.at(serial).context->run,
                 st.runs.at(serial).order.source);
  spawn_actors(self, serial, nullptr, nullptr);
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
  run->second.orchestrator = nullptr;
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
  on_actors_gone(self, serial);
}

} // namespace brigade::actors::detail
