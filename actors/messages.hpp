/// The messages between the actors of Brigade: one struct each.
#pragma once

#include "brigade/actors/compat.hpp"
#include "brigade/core/model/outcome.hpp"
#include "brigade/core/money/till.hpp"
#include "brigade/core/run/journal.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_machine.hpp"
#include "brigade/core/run/worker_machine.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace brigade::actors {

/// A try's name is its run's number, then so many bits for the call in the run:
/// `calls_per_task_max` x `tasks_max` is far below.
inline constexpr unsigned call_id_bits = 24;

// -- for users ----------------------------------------------------------------

/// Work on a goal. Answered with a `core::run_report` when the run has ended
/// or is suspended; with an error when it was not accepted.
struct submit {
  core::run_order order;
};

/// Go on with a run that is in the journal, and that the journal's back end has
/// made this process the owner of. Answered as `submit` is. The order names the
/// run and holds what it is made from; its ceilings hold from here on.
struct resume_run {
  core::run_order order;
  /// For the event: `user` or `restart`.
  std::string reason = "user";
  /// Crew or documents may differ from those before: a recorded call whose
  /// request is another one now is made anew.
  bool changes_accepted = false;
  /// About the plan of a run that waits, or the end of any run. Refused when it
  /// is about a plan and the run does not wait; without one, a run that waits
  /// stands still again at once. The event's reason is then `approval`, but for
  /// a cancellation.
  std::optional<core::approval_decision> decision{};
  /// The log holds exactly `run.submitted`, which somebody wrote who accepted
  /// the order to work on it later: the run begins, in its first life and with
  /// its whole time, and no `run.resumed` is written.
  bool first = false;
};

/// End a run as `cancelled`, or suspend it. Unknown runs are ignored.
struct stop_run {
  core::run_id run;
  core::stop_kind kind = core::stop_kind::cancel;
  /// For the report: `interrupt`, `user`, ...
  std::string reason;
};

/// End everything well: nothing new is accepted, runs are suspended, the newest
/// first. Answered with `stopped`.
struct shutdown {
  /// For the reports of the suspended runs.
  std::string reason = "shutdown";
  /// Runs that have not ended after it are ended by force.
  std::chrono::milliseconds grace{10'000};
};

/// How many runs had to be ended by force.
struct stopped {
  std::uint32_t killed = 0;
};

/// An event of a subscribed run. The last one is the terminal event.
struct run_event {
  core::run_id run;
  core::event_ptr event;
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::core::run_report)
BRIGADE_MESSAGE(brigade::actors::submit)
BRIGADE_MESSAGE(brigade::actors::resume_run)
BRIGADE_MESSAGE(brigade::actors::stop_run)
BRIGADE_MESSAGE(brigade::actors::shutdown)
BRIGADE_MESSAGE(brigade::actors::stopped)
BRIGADE_MESSAGE(brigade::actors::run_event)

namespace brigade::actors {

/// Gets each event of a run it subscribed to, in sequence.
using subscriber_actor = caf::typed_actor<tells<run_event>>;

/// Send a run's events above sequence `after` to `subscriber`, those of the
/// past first, until the terminal one.
struct subscribe {
  core::run_id run;
  subscriber_actor subscriber;
  std::uint64_t after = 0;
};

// -- buying a call ------------------------------------------------------------

/// The till's refusal; nothing was sent.
struct refusal {
  std::string code;
  std::string message;
};

/// The till's answer to a `buy`: an outcome that is durable and settled, or a
/// refusal.
struct bought {
  /// The buyer's own number of the question.
  std::uint64_t nonce = 0;
  std::variant<core::outcome, refusal> answer;
  /// What the run has spent so far, this call included.
  core::allowance spent{};
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::actors::subscribe)
BRIGADE_MESSAGE(brigade::actors::bought)

namespace brigade::actors {

/// Whoever buys: planner (the orchestrator), workers, synthesizer.
using buyer_actor = caf::typed_actor<tells<bought>>;

/// Buy this call, or recall it when it is paid.
struct buy {
  core::purchase what;
  buyer_actor buyer;
  std::uint64_t nonce = 0;
};

/// How a try ended, from the gateway to the till.
struct tried {
  core::call_id call{};
  core::outcome result;
  /// A nested run that stands still with the run above it; it will go on.
  bool suspended = false;
};

/// The plan is accepted: keep the synthesis share back, count its subtasks.
struct keep_back {
  core::allowance share;
  std::uint64_t tasks = 0;
};

/// Give up what a subtask is buying in its attempts up to this one.
struct abandon {
  std::string task;
  std::uint32_t attempt = 1;
};

/// INTERNAL: a delayed append of the till or the orchestrator has ended.
struct journal_ended {
  std::uint64_t place = 0;
  core::append_status status = core::append_status::failed;
};

/// INTERNAL: tries that were cancelled had their time to end.
struct grace_over {};

/// A bill was above its reservation (rule M7): the run must wind down.
struct breached {
  std::string model;
};

/// The till is closed and nothing is reserved any more.
struct till_closed {
  /// The till's run.
  std::uint64_t run = 0;
  /// Everything that was charged, exactly, and what is set aside for nested
  /// runs that stand still.
  core::allowance spent;
  /// Events could not be stored.
  bool storage_failed = false;
};

/// End a try now.
struct cancel_try {
  core::try_id id{};
  /// The run above is suspended: a nested run stands still too.
  bool suspend = false;
};

/// End all tries of a run whose till has died: nobody waits for them.
struct drop_run {
  /// The run's number in the brigade.
  std::uint64_t run = 0;
};

/// INTERNAL: the provider is done with a try.
struct try_ended {
  core::try_id id{};
  core::outcome result;
};

// -- inside a run -------------------------------------------------------------

/// A worker's end: its result, or why there is none.
struct task_ended {
  std::size_t task = 0;
  std::uint32_t attempt = 1;
  std::variant<core::work_done, core::work_failed> end;
};

/// The synthesizer's end.
struct synthesis_ended {
  std::variant<core::work_done, core::work_failed> end;
};

/// INTERNAL: the wait before the next try is over.
struct ask_again {
  /// The buyer's number when the wait began: another one is late or came twice.
  std::uint64_t nonce = 0;
};

/// Something of the run is due; from the timekeeper.
struct wake {};

/// Wake this run at that time; only the earliest matters.
struct wake_me {
  std::uint64_t run = 0;
  caf::actor_clock::time_point at;
};

/// A run has ended; its report is complete and durable.
struct run_ended {
  std::uint64_t run = 0;
  core::run_report report;
  /// As its till told; nothing: it crashed.
  std::optional<core::allowance> spent;
};

/// INTERNAL: the timekeeper's own timer.
struct tick {
  /// The time for which it was armed.
  caf::actor_clock::time_point due;
};

/// INTERNAL: a run's log has grown.
struct log_grew {
  core::run_id run;
};

/// Drop a finished run's log once its subscribers have read it.
struct forget_log {
  core::run_id run;
};

} // namespace brigade::actors

BRIGADE_MESSAGE(brigade::actors::buy)
BRIGADE_MESSAGE(brigade::actors::tried)
BRIGADE_MESSAGE(brigade::actors::keep_back)
BRIGADE_MESSAGE(brigade::actors::abandon)
BRIGADE_MESSAGE(brigade::actors::journal_ended)
BRIGADE_MESSAGE(brigade::actors::grace_over)
BRIGADE_MESSAGE(brigade::actors::breached)
BRIGADE_MESSAGE(brigade::actors::till_closed)
BRIGADE_MESSAGE(brigade::actors::cancel_try)
BRIGADE_MESSAGE(brigade::actors::drop_run)
BRIGADE_MESSAGE(brigade::actors::try_ended)
BRIGADE_MESSAGE(brigade::actors::task_ended)
BRIGADE_MESSAGE(brigade::actors::synthesis_ended)
BRIGADE_MESSAGE(brigade::actors::ask_again)
BRIGADE_MESSAGE(brigade::actors::wake)
BRIGADE_MESSAGE(brigade::actors::wake_me)
BRIGADE_MESSAGE(brigade::actors::run_ended)
BRIGADE_MESSAGE(brigade::actors::tick)
BRIGADE_MESSAGE(brigade::actors::log_grew)
BRIGADE_MESSAGE(brigade::actors::forget_log)
