#include "brigade/actors/gateway.hpp"

#include <algorithm>

namespace brigade::actors {

namespace {

using self_ptr = gateway_actor::stateful_pointer<gateway_state>;

core::outcome not_sent(std::string message) {
  core::outcome result;
  result.code = core::outcome_code::not_sent;
  result.message = std::move(message);
  return result;
}

bool is_of(const send_try& call, std::uint64_t run) {
  return static_cast<std::uint64_t>(call.id) >> call_id_bits == run;
}

/// A try that cannot be cancelled ends by its time limit.
void cancel_quietly(core::provider& provider, core::try_id id) {
  try {
    provider.cancel(id);
  } catch (...) {
    // Nobody else's call may suffer, and what is thrown may hold anything.
  }
}

void start(self_ptr self, send_try&& call) {
  if (*call.revoked)
    return; // Its till is dead: nobody holds money for it any more.
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      call.deadline - now(self));
  if (left.count() <= 0) {
    self->send(call.budget,
               tried{call.call, not_sent("the deadline passed while the call "
                                         "waited for a place")});
    return;
  }
  const auto id = call.id;
  const auto what = call.what;
  self->state.in_flight.emplace(id, std::move(call));
  // Called from the provider's thread: it holds a handle and values only.
  const auto done = [hdl = gateway_actor{self}, id](core::outcome result) {
    caf::anon_send(hdl, try_ended{id, std::move(result)});
  };
  try {
    self->state.provider->send(id, *what, left, done);
  } catch (...) {
    // One call must not take down those of all others. What is thrown may hold
    // anything, a key too, and is not shown.
    core::outcome result;
    result.code = core::outcome_code::connection_lost;
    result.message = "the provider's code threw an exception; whether the "
                     "call was sent is unknown";
    done(std::move(result));
  }
}

void start_queued(self_ptr self) {
  auto& st = self->state;
  while (!st.queue.empty()
         && st.in_flight.size() < st.options.concurrency_max) {
    auto next = std::move(st.queue.front());
    st.queue.pop_front();
    start(self, std::move(next));
  }
}

void cancel(self_ptr self, core::try_id id) {
  auto& st = self->state;
  if (st.in_flight.contains(id)) {
    cancel_quietly(*st.provider, id);
    return;
  }
  auto waiting =
      std::find_if(st.queue.begin(), st.queue.end(),
                   [id](const send_try& call) { return call.id == id; });
  if (waiting == st.queue.end())
    return;
  self->send(waiting->budget,
             tried{waiting->call, not_sent("cancelled before it was sent")});
  st.queue.erase(waiting);
}

} // namespace

gateway_state::~gateway_state() {
  for (auto& [id, call] : in_flight)
    cancel_quietly(*provider, id);
  // What only waited here has cost nothing, and another gateway can have it.
  for (auto& call : queue) {
    core::outcome result;
    result.code = core::outcome_code::connect_failed;
    result.message = "the gateway ended before the call was sent";
    caf::anon_send(call.budget, tried{call.call, std::move(result)});
  }
}

gateway_actor::behavior_type gateway(self_ptr self,
                                     std::shared_ptr<core::provider> provider,
                                     gateway_options options) {
  guard(self);
  self->state.provider = std::move(provider);
  self->state.options = options;
  return {
      [self](send_try& call) {
        auto& st = self->state;
        if (st.in_flight.contains(call.id))
          return; // A duplicate: it is on its way.
        if (st.in_flight.size() < st.options.concurrency_max)
          start(self, std::move(call));
        else if (st.queue.size() < st.options.queue_max)
          st.queue.push_back(std::move(call));
        else
          self->send(call.budget,
                     tried{call.call, not_sent("too many calls wait for this "
                                               "provider")});
      },
      [self](const cancel_try& message) { cancel(self, message.id); },
      [self](const drop_run& message) {
        auto& st = self->state;
        std::erase_if(st.queue, [&message](const send_try& call) {
          return is_of(call, message.run);
        });
        for (const auto& [id, call] : st.in_flight)
          if (is_of(call, message.run))
            cancel_quietly(*st.provider, id);
      },
      [self](try_ended& message) {
        auto& st = self->state;
        auto i = st.in_flight.find(message.id);
        if (i == st.in_flight.end())
          return; // A duplicate end is no news.
        auto call = std::move(i->second);
        st.in_flight.erase(i);
        self->send(call.budget, tried{call.call, std::move(message.result)});
        start_queued(self);
      },
  };
}

} // namespace brigade::actors
