/// The shared part of workers and synthesizers: runs a `core::worker_machine`
/// against the till. Not an actor; part of one's state.
#pragma once

#include "brigade/actors/run_context.hpp"
#include "brigade/core/model/digest.hpp"
#include "brigade/core/run/worker_machine.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace brigade::actors {

/// What a worker or synthesizer is spawned with.
struct errand_order {
  run_context_ptr run;
  budget_actor budget;
  core::call_role role = core::call_role::worker;
  /// The subtask's id, or empty.
  std::string task;
  std::uint32_t attempt = 1;
  /// Place in the plan (`core::purchase::order`).
  std::uint32_t place = 0;
  core::model_request request;
  /// Run time at which it must have ended.
  std::int64_t deadline_ms = 0;
  std::uint64_t result_bytes_max = 0;
  /// Set when the subtask is a nested run; `request` is then empty.
  std::shared_ptr<const core::run_order> nested;
};

using errand_end = std::variant<core::work_done, core::work_failed>;

struct errand {
  errand_order order;
  std::optional<core::worker_machine> machine;
  std::uint64_t nonce = 0;
  std::function<double()> jitter;
};

/// Buys a call for a machine: hashes its bytes and asks the till. False when
/// there is no call, because nothing serves its model.
template <class Self>
bool ask_the_till(Self* self, const run_context& run,
                  const budget_actor& budget, core::purchase what,
                  std::shared_ptr<const core::prepared_call> call,
                  std::uint64_t nonce) {
  if (!call)
    return false;
  what.call = std::move(call);
  what.epoch = run.epoch;
  what.request_hash = core::sha256_hex(what.call->body.view());
  self->send(budget, buy{std::move(what), buyer_actor{self}, nonce});
  return true;
}

/// Performs a step; returns the end when it is one.
template <class Self>
std::optional<errand_end> perform(Self* self, errand& what,
                                  core::work_step step) {
  if (auto* done = std::get_if<core::work_done>(&step))
    return std::move(*done);
  if (auto* failed = std::get_if<core::work_failed>(&step))
    return std::move(*failed);
  if (auto* wait = std::get_if<core::wait_and_buy>(&step)) {
    send_later(self, std::chrono::milliseconds{wait->delay_ms},
               ask_again{what.nonce});
    return std::nullopt;
  }
  auto& next = std::get<core::buy_call>(step);
  core::purchase purchase;
  purchase.key = std::move(next.key);
  purchase.role = what.order.role;
  purchase.task = what.order.task;
  purchase.attempt = what.order.attempt;
  purchase.order = what.order.place;
  purchase.deadline_ms = what.order.deadline_ms;
  const auto model = next.request.model;
  const auto& run = *what.order.run;
  if (!ask_the_till(self, run, what.order.budget, std::move(purchase),
                    what.order.nested ? run_context::prepare(what.order.nested)
                                      : run.prepare(next.request),
                    ++what.nonce))
    return core::work_failed{"no_provider",
                             "no provider serves model \"" + model + "\""};
  return std::nullopt;
}

template <class Self>
std::optional<errand_end> begin(Self* self, errand& what, errand_order order) {
  what.order = std::move(order);
  what.jitter = make_jitter(what.order.run->seed + what.order.place * 7919
                            + what.order.attempt);
  const auto path = what.order.role == core::call_role::synthesizer
                        ? std::string{"synth"}
                        : "task/" + what.order.task;
  what.machine.emplace(path, std::move(what.order.request),
                       what.order.run->crew->limits, what.order.deadline_ms,
                       what.order.result_bytes_max);
  return perform(self, what, what.machine->start());
}

/// A wait is over. One that comes twice is a no-op (rule H3).
template <class Self>
std::optional<errand_end> resume(Self* self, errand& what,
                                 const ask_again& message) {
  if (message.nonce != what.nonce)
    return std::nullopt;
  return perform(self, what, what.machine->on_wait_over());
}

/// The till's answer. A late or duplicate one is a no-op (rule H3).
template <class Self>
std::optional<errand_end> resume(Self* self, errand& what, bought& message) {
  if (message.nonce != what.nonce)
    return std::nullopt;
  ++what.nonce;
  if (auto* no = std::get_if<refusal>(&message.answer))
    return perform(
        self, what,
        what.machine->on_refused(std::move(no->code), std::move(no->message)));
  return perform(self, what,
                 what.machine->on_outcome(
                     std::get<core::outcome>(message.answer),
                     what.order.run->run_ms(now(self)), what.jitter()));
}

} // namespace brigade::actors
