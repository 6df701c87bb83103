// R1, R3, L1 and the epoch over several lives of a run: its actors crashed, it
// stood still, or the whole process died.

#include "books.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace brigade::testkit {

namespace detail {

namespace ev = core::events;

ceilings ceilings_of(const core::run_order& order) {
  const auto& own = order.crew->limits;
  return {order.ceiling.value_or(own.cost).value,
          own.tokens_max.value_or(no_ceiling),
          own.calls_max.value_or(no_ceiling),
          own.tasks_total_max.value_or(no_ceiling),
          order.deadline_ms ? std::min(own.run_deadline_ms, *order.deadline_ms)
                            : own.run_deadline_ms};
}

// -- a life begins ------------------------------------------------------------

void books::resume(run_book& run, const ev::run_resumed& e) {
  if (e.epoch != run.life + 1)
    report("epoch", run,
           "life " + std::to_string(e.epoch) + " follows life "
               + std::to_string(run.life));
  run.life = std::max(run.life, e.epoch);
  run.epoch = std::max(run.epoch, e.epoch);
  run.now = run_now::going;
  run.changes_accepted = run.changes_accepted || e.changes_accepted;
  // Whoever goes on ends what is open, so that the books are whole again.
  run.journal_broken = false;
  run.running = 0;
  for (auto& task : run.tasks)
    if (task.now == task_now::running) {
      task.now = task_now::waiting;
      task.was_interrupted = true;
      ++task.interrupted;
    }
  run.ends_due = 0;
  for (auto& call : run.calls) {
    if (call.ended)
      continue;
    call.orphaned = true;
    run.ends_due += call.nested ? 0 : 1;
    if (call.nested && std::exchange(call.of_earlier_process, false))
      earlier_reserved -= call.reserved;
  }
  // The next life asks a little later, when this is durable.
  constexpr std::int64_t write_ms_max = 1000;
  run.asked_ms = run.synthesis_ms = now->at_ms + write_ms_max;
  take_over(run, e);
}

/// The ceilings of its order hold from here on.
void books::take_over(run_book& run, const ev::run_resumed& e) {
  if (run.unknown || run.crew == nullptr)
    return;
  const auto& may = run.ordered;
  const auto tokens = e.tokens_max.value_or(no_ceiling);
  const auto calls = e.calls_max.value_or(no_ceiling);
  if (e.ceiling.value > may.cost || tokens > may.tokens || calls > may.calls)
    report("M1", run, "the run goes on with more than its order allows");
  if (e.deadline_ms > may.deadline_ms)
    report("S1", run, "the run's deadline is later than it may be");
  run.most.cost = e.ceiling.value;
  run.most.tokens = tokens;
  run.most.calls = calls;
  run.most.tasks = may.tasks;
  run.most.deadline_ms = std::min(e.deadline_ms, may.deadline_ms);
  run.above_ceiling =
      run.spent + run.reserved > run.most.cost
      || run.spent_tokens + run.reserved_tokens > wide{run.most.tokens};
}

/// With `run.resumed` the ends of all calls are written that the life before
/// left open, but of nested runs that go on.
void books::check_ends_due(run_book& run, const core::event_body& next) {
  if (run.ends_due == 0 || std::holds_alternative<ev::call_settled>(next)
      || std::holds_alternative<ev::call_in_doubt>(next)
      || std::holds_alternative<ev::run_resumed>(next))
    return;
  report("M4", run,
         std::to_string(run.ends_due)
             + " calls of an earlier life have no end in the next one");
  run.ends_due = 0;
}

// -- the end is decided -------------------------------------------------------

void books::decide(run_book& run, const ev::run_ending& e) {
  if (run.ending)
    report("L1", run, "the end is decided twice");
  else
    run.ending = e;
  run.ending_life = run.life;
  check_refused(run, e);
  // The planner's failures are told here only.
  if (e.message.find("asked again with another request") != std::string::npos)
    check_refusal(run, "request_changed", e.message);
}

/// What the till had granted before it heard of the end may still be written in
/// the same life.
void books::check_undecided(run_book& run, const char* what, bool in_flight) {
  if (run.ending && !(in_flight && run.ending_life == run.life))
    report("L1", run, std::string{what} + " though the run's end is decided");
}

// -- a process dies -----------------------------------------------------------

void books::lose_process() {
  earlier_spent = top_spent;
  earlier_reserved = 0;
  for (std::uint32_t i = 0; i < used; ++i) {
    auto& run = runs[i];
    for (auto& call : run.calls) {
      if (call.ended)
        continue;
      call.orphaned = call.of_earlier_process = true;
      if (run.is_top)
        earlier_reserved += call.reserved;
    }
    // Nobody asks for the end of a nested run that its parent gave up.
    if (run.parent == none || run.now == run_now::finished)
      continue;
    const auto& above = runs[run.parent];
    run.forsaken = run.forsaken || above.forsaken
                   || above.now == run_now::finished || run.parent_call == none
                   || above.calls[run.parent_call].ended;
  }
}

void books::check_log(run_book& run, const std::vector<core::event_ptr>& log) {
  std::uint64_t fingerprint = 0;
  for (const auto& e : log)
    fingerprint = fingerprint_of(fingerprint, *e);
  if (log.size() != run.seq || fingerprint != run.fingerprint)
    report("R1", &run, nullptr, run.last_at_ms,
           "a new process reads " + std::to_string(log.size())
               + " events, and other ones than the " + std::to_string(run.seq)
               + " that were durable");
}

} // namespace detail

void rule_checkers::resumed(const core::run_order& order) {
  auto* run = impl_->find(order.id.text);
  if (run == nullptr)
    return;
  run->ordered = detail::ceilings_of(order);
  run->order_changed = run->order_changed || order.crew != run->crew
                       || order.goal != run->goal
                       || order.inputs != run->inputs;
  // What is known of subtasks and calls points into the crews before.
  if (order.crew != run->crew)
    run->earlier_crews.push_back(std::exchange(run->crew, order.crew));
}

void rule_checkers::process_died() {
  impl_->lose_process();
}

void rule_checkers::read_back(const core::run_id& id,
                              const std::vector<core::event_ptr>& log) {
  if (auto* run = impl_->find(id.text))
    impl_->check_log(*run, log);
  else if (!log.empty())
    impl_->report("R1", nullptr, nullptr, 0,
                  "a new process reads a run that nobody has seen");
}

} // namespace brigade::testkit
