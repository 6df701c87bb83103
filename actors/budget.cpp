#include "brigade/actors/budget.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace brigade::actors {

namespace {

using self_ptr = budget_actor::stateful_pointer<budget_state>;

void perform(self_ptr self, core::till_step step);

std::int64_t run_ms(self_ptr self) {
  return self->state.run->run_ms(now(self));
}

void answer(self_ptr self, core::ticket_id buyer,
            std::variant<core::outcome, refusal> result) {
  auto& st = self->state;
  auto i = st.waiters.find(buyer);
  if (i == st.waiters.end())
    return;
  self->send(i->second.buyer, bought{i->second.nonce, std::move(result),
                                     st.till->money().spent()});
  st.waiters.erase(i);
}

/// Ends once the till is closed and nothing is in flight.
void end_when_idle(self_ptr self) {
  auto& st = self->state;
  if (!st.closing || !st.till->idle() || !st.journal.idle())
    return;
  if (std::exchange(st.ended, true))
    return;
  // The listener holds this till, and this till it.
  st.listener = nullptr;
  if (st.owner)
    self->send(st.owner, till_closed{st.run->serial,
                                     st.till->money().spent()
                                         + st.till->money().reserved(),
                                     !st.storage_ok});
  self->quit();
}

/// Nothing can be stored any more: whoever waits is told so, which suspends
/// the run.
void on_storage_failure(self_ptr self, std::optional<core::ticket_id> buyer) {
  self->state.storage_ok = false;
  if (buyer)
    answer(self, *buyer,
           refusal{"storage_failure", "the journal cannot be written"});
}

/// Who sends a call: its model's gateway, or the brigade for a nested run.
/// Null when nobody does.
sender_actor sender_of(self_ptr self, const core::prepared_call& call) {
  const auto& run = *self->state.run;
  if (call.nested)
    return sender_actor{run.brigade};
  auto next = self->state.replaced.find(call.model);
  if (next != self->state.replaced.end())
    return sender_actor{next->second};
  auto route = run.routes.find(call.model);
  return route != run.routes.end() ? sender_actor{route->second.gateway}
                                   : sender_actor{};
}

void dispatch(self_ptr self, core::till_actions::send_call& action) {
  auto& st = self->state;
  auto sender = sender_of(self, *action.call);
  const bool wanted = !st.closing && st.till->is_wanted(action.intent.id);
  if (!st.storage_ok || !wanted || !sender) {
    core::outcome result;
    result.message = !st.storage_ok ? "the intent could not be stored"
                     : !wanted      ? "cancelled before it was sent"
                               : "nothing serves model \"" + action.call->model
                                     + "\": its provider is unknown or "
                                       "has crashed too often";
    perform(self, st.till->tried(action.intent.id, result, run_ms(self)));
    return;
  }
  st.sent_to.emplace(action.intent.id, sender);
  self->send(sender, send_try{st.run->try_of(action.intent.id),
                              action.intent.id, std::move(action.call),
                              st.run->time_point_of(action.deadline_ms),
                              budget_actor{self},
                              core::run_id{std::move(action.intent.nested_run)},
                              action.slice, st.run->run, st.run->revoked});
}

void act(self_ptr self, core::till_actions::send_call&& action) {
  auto& st = self->state;
  std::vector<core::event> events;
  events.push_back(st.run->stamp(action.intent, now(self)));
  st.journal.append(
      self, *st.run, std::move(events),
      [self, action = std::move(action)](core::append_status status) mutable {
        if (status == core::append_status::failed)
          on_storage_failure(self, std::nullopt);
        dispatch(self, action);
      });
}

void act(self_ptr self, core::till_actions::settle_call&& action) {
  auto& st = self->state;
  st.sent_to.erase(action.settled.id);
  std::vector<core::event> events;
  events.push_back(st.run->stamp(std::move(action.settled), now(self)));
  for (auto& warning : action.warnings)
    events.push_back(st.run->stamp(std::move(warning), now(self)));
  std::optional<breached> over;
  if (action.breach)
    over = breached{action.breach->model};
  if (action.breach)
    events.push_back(st.run->stamp(std::move(*action.breach), now(self)));
  st.journal.append(
      self, *st.run, std::move(events),
      [self, buyer = action.buyer, over = std::move(over),
       result = std::move(action.result)](core::append_status status) mutable {
        // Before the buyer goes on: the run winds down (rule M7).
        if (over && self->state.listener)
          self->send(self->state.listener, std::move(*over));
        // A result that is not durable is never shown to its buyer (rule R1).
        if (status == core::append_status::failed)
          on_storage_failure(self, buyer);
        else if (buyer)
          answer(self, *buyer, std::move(result));
        end_when_idle(self);
      });
}

/// Behind what is not durable yet: the call that is recalled may be part of
/// it (rule R1).
void act(self_ptr self, core::till_actions::recall&& action) {
  auto& st = self->state;
  st.journal.append(
      self, *st.run, {},
      [self, action = std::move(action)](core::append_status) mutable {
        if (self->state.storage_ok)
          answer(self, action.buyer, std::move(action.result));
        else
          on_storage_failure(self, action.buyer);
        end_when_idle(self);
      });
}

void act(self_ptr self, core::till_actions::refuse&& action) {
  answer(self, action.buyer,
         refusal{std::move(action.code), std::move(action.message)});
}

void act(self_ptr self, core::till_actions::cancel_call&& action) {
  auto& st = self->state;
  auto sender = st.sent_to.find(action.id);
  if (sender == st.sent_to.end())
    return; // Its intent is not durable yet: `dispatch` will not send it.
  self->send(sender->second,
             cancel_try{st.run->try_of(action.id), st.suspending});
}

/// Whatever the dead gateway held may have been answered and billed.
void on_gateway_replaced(self_ptr self, const gateway_replaced& news) {
  auto& st = self->state;
  for (const auto& [model, route] : st.run->routes) {
    auto known = st.replaced.find(model);
    const auto& current =
        known != st.replaced.end() ? known->second : route.gateway;
    if (current && current.id() == news.dead)
      st.replaced.insert_or_assign(model, news.next);
  }
  std::vector<core::call_id> lost;
  for (const auto& [id, sender] : st.sent_to)
    if (sender.id() == news.dead)
      lost.push_back(id);
  std::sort(lost.begin(), lost.end());
  core::outcome result;
  result.code = core::outcome_code::connection_lost;
  result.message = "the gateway of the provider crashed; whether the call was "
                   "answered is unknown";
  for (const auto id : lost)
    perform(self, st.till->tried(id, result, run_ms(self)));
}

void perform(self_ptr self, core::till_step step) {
  for (auto& action : step)
    std::visit([self](auto& x) { act(self, std::move(x)); }, action);
}

/// Everything in doubt in one append: the till must not end in between.
void give_up(self_ptr self) {
  auto& st = self->state;
  std::vector<core::event> events;
  for (auto& doubt : st.till->give_up(st.suspending))
    events.push_back(st.run->stamp(std::move(doubt), now(self)));
  st.journal.append(self, *st.run, std::move(events),
                    [self](core::append_status status) {
                      if (status == core::append_status::failed)
                        on_storage_failure(self, std::nullopt);
                      end_when_idle(self);
                    });
}

void close(self_ptr self, close_till& message) {
  auto& st = self->state;
  if (message.owner)
    st.owner = std::move(message.owner);
  if (!std::exchange(st.closing, true)) {
    st.suspending = message.suspend;
    perform(self, st.till->close());
    if (!st.till->idle())
      send_later(self, close_grace_ms, grace_over{});
  }
  end_when_idle(self);
}

} // namespace

budget_actor::behavior_type budget(self_ptr self, run_context_ptr run,
                                   core::allowance ceiling, past_events past) {
  guard(self);
  auto& state = self->state;
  state.till.emplace(run->crew,
                     core::till_options{run->run, ceiling, run->epoch});
  state.run = std::move(run);
  if (past)
    state.till->restore(*past);
  // Nested runs that go on: they are stopped like any other.
  for (const auto id : state.till->in_flight())
    state.sent_to.emplace(id, sender_actor{state.run->brigade});
  return {
      [self](buy& message) {
        auto& st = self->state;
        auto& latest = st.latest[message.buyer.id()];
        if (message.nonce <= latest)
          return;
        latest = message.nonce;
        const core::ticket_id ticket{++st.last_ticket};
        st.waiters.emplace(
            ticket,
            budget_state::waiter{std::move(message.buyer), message.nonce});
        if (!st.storage_ok) {
          answer(self, ticket,
                 refusal{"storage_failure", "the journal cannot be written"});
          return;
        }
        perform(self,
                st.till->buy(ticket, std::move(message.what), run_ms(self)));
      },
      [self](const tried& message) {
        if (message.suspended && self->state.suspending) {
          self->state.till->set_aside(message.call);
          self->state.sent_to.erase(message.call);
          end_when_idle(self);
          return;
        }
        perform(self, self->state.till->tried(message.call, message.result,
                                              run_ms(self)));
      },
      [self](const keep_back& message) {
        self->state.till->keep_back(message.share, message.tasks);
      },
      [self](const abandon& message) {
        perform(self, self->state.till->abandon(message.task, message.attempt,
                                                run_ms(self)));
      },
      [self](const gateway_replaced& message) {
        on_gateway_replaced(self, message);
      },
      [self](watch_till& message) {
        self->state.listener = std::move(message.listener);
      },
      [self](close_till& message) { close(self, message); },
      [self](const journal_ended& message) {
        self->state.journal.ended(message);
      },
      [self](grace_over) { give_up(self); },
  };
}

} // namespace brigade::actors
