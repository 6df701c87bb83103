/// The typed interfaces of all actors, one comment per message.
#pragma once

#include "brigade/actors/messages.hpp"

#include <atomic>

namespace brigade::actors {

/// The TILL's closing: who is told when nothing is reserved any more.
using till_owner_actor = caf::typed_actor<tells<till_closed>>;

/// Who is told that a bill was above its reservation.
using breach_listener_actor = caf::typed_actor<tells<breached>>;

/// Tell `listener` of every breach.
struct watch_till {
  breach_listener_actor listener;
};

/// Close the till: refuse what comes, cancel what is in flight, and tell
/// `owner` once nothing is reserved.
struct close_till {
  till_owner_actor owner;
  /// The run will go on: nested runs stand still too.
  bool suspend = false;
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::actors::watch_till)
BRIGADE_MESSAGE(brigade::actors::close_till)

namespace brigade::actors {

struct gateway_replaced;

/// The BUDGET interface: one per run, the till through which calls are bought.
using budget_actor = caf::typed_actor<
    // Buys a call, or recalls it; answered with `bought`.
    tells<buy>,
    // The gateway's outcome of a try.
    tells<tried>,
    // Sets the synthesis share aside and counts the plan's subtasks.
    tells<keep_back>,
    // Gives up what a subtask is buying.
    tells<abandon>,
    // What a gateway held is in doubt.
    tells<gateway_replaced>,
    // Names who is told of breaches.
    tells<watch_till>,
    // Ends the till; answered with `till_closed`.
    tells<close_till>,
    // INTERNAL: a delayed append has ended.
    tells<journal_ended>,
    // INTERNAL: cancelled tries had their time.
    tells<grace_over>>;

/// Hand this call to the provider; a nested run goes to the brigade instead.
struct send_try {
  core::try_id id{};
  core::call_id call{};
  std::shared_ptr<const core::prepared_call> what;
  caf::actor_clock::time_point deadline;
  budget_actor budget;
  /// For a nested run: its id, and what is set aside for it.
  core::run_id nested_run;
  core::allowance slice;
  /// Whose call it is.
  core::run_id run;
  /// Set once the run's till has died: what is not sent yet must not be.
  std::shared_ptr<const std::atomic<bool>> revoked;
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::actors::send_try)

namespace brigade::actors {

/// Whoever sends tries: a gateway, or the brigade for nested runs.
using sender_actor =
    caf::typed_actor<tells<send_try>, tells<cancel_try>, tells<drop_run>>;

/// The GATEWAY interface: one per provider, bounds what is in flight there.
using gateway_actor = caf::typed_actor<
    // Sends one try; answered to its budget with `tried`.
    tells<send_try>,
    // Ends a try; it is answered all the same.
    tells<cancel_try>,
    // Ends all tries of a run.
    tells<drop_run>,
    // INTERNAL: the provider is done with a try.
    tells<try_ended>>;

/// A gateway has died.
struct gateway_replaced {
  caf::actor_id dead = 0;
  /// Takes its place; null: nobody does.
  gateway_actor next;
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::actors::gateway_replaced)

namespace brigade::actors {

/// The WORKER interface: one per attempt of a subtask.
using worker_actor = caf::typed_actor<
    // The till's answer.
    tells<bought>,
    // INTERNAL: the wait before the next try is over.
    tells<ask_again>>;

/// The SYNTHESIZER interface: one per run.
using synthesizer_actor = caf::typed_actor<
    // The till's answer.
    tells<bought>,
    // INTERNAL: the wait before the next try is over.
    tells<ask_again>>;

/// The ORCHESTRATOR interface: one per run.
using orchestrator_actor = caf::typed_actor<
    // The till's answer to the planner's call.
    tells<bought>,
    // INTERNAL: the wait before the planner's next try is over.
    tells<ask_again>,
    // A worker's end.
    tells<task_ended>,
    // The synthesizer's end.
    tells<synthesis_ended>,
    // A bill was above its reservation.
    tells<breached>,
    // The till is closed: the run can end.
    tells<till_closed>,
    // Cancels or suspends the run.
    tells<stop_run>,
    // Something is due.
    tells<wake>,
    // INTERNAL: a delayed append has ended.
    tells<journal_ended>>;

/// The JOURNAL interface: tells subscribers what became durable.
using journal_actor = caf::typed_actor<
    // Starts to send a run's events to a subscriber.
    tells<subscribe>,
    // INTERNAL: a run's log has grown.
    tells<log_grew>,
    // Drops a finished run's log.
    tells<forget_log>>;

/// The BRIGADE interface: top supervisor and entry point of the library.
using brigade_actor = caf::typed_actor<
    // Works on a goal; answered when the run has ended or is suspended.
    asks<submit, core::run_report>,
    // Goes on with a run of the journal; answered like `submit`.
    asks<resume_run, core::run_report>,
    // Cancels or suspends a run.
    tells<stop_run>,
    // Suspends all runs and ends; answered when they have ended.
    asks<shutdown, stopped>,
    // Starts a nested run; answered to its budget with `tried`.
    tells<send_try>,
    // Cancels a nested run; it is answered all the same.
    tells<cancel_try>,
    // Cancels all runs nested in a run.
    tells<drop_run>,
    // Sends a run's events to a subscriber.
    tells<subscribe>,
    // INTERNAL: an orchestrator wants to be woken.
    tells<wake_me>,
    // INTERNAL: an orchestrator has finished.
    tells<run_ended>,
    // INTERNAL: the till of a run whose orchestrator died is closed.
    tells<till_closed>,
    // INTERNAL: the timekeeper's timer.
    tells<tick>,
    // INTERNAL: runs that were suspended had their time.
    tells<grace_over>,
    // INTERNAL: a delayed append has ended.
    tells<journal_ended>>;

} // namespace brigade::actors
