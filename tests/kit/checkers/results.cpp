// R1, R2, M5 and the answer of M6: results are numbered, kept and never bought
// again.

#include "books.hpp"
#include "prices.hpp"

#include <algorithm>
#include <string>

namespace brigade::testkit::detail {

void books::number(run_book& run, const core::event& e) {
  if (e.seq != run.seq + 1)
    report("R1", run,
           "sequence " + std::to_string(e.seq) + " follows "
               + std::to_string(run.seq));
  run.seq = e.seq;
  run.fingerprint = fingerprint_of(run.fingerprint, e);
}

void books::check_paid(run_book& run, const call_book& call,
                       const core::events::call_intended& e) {
  if (call.task != none && run.tasks[call.task].now == task_now::succeeded)
    report("R2", run,
           "a call is bought for subtask " + quoted(e.task)
               + ", whose result is durable");
  std::uint32_t tries = 1;
  for (auto at = call.before; at != none; at = run.calls[at].before) {
    const auto& other = run.calls[at];
    if (other.generation != call.generation || other.step != call.step)
      continue;
    ++tries;
    const bool same = other.request_hash == call.request_hash;
    if (!same && !run.changes_accepted)
      report("R2", run,
             "call " + e.key.path + " is bought again with another request");
    if (!same)
      continue;
    if (other.ended && other.ok)
      report("M5", run,
             "call " + e.key.path + " is bought again though it is paid");
    if (other.doubted && run.crew != nullptr
        && run.crew->limits.in_doubt == core::in_doubt_policy::fail)
      report("R3", run,
             "call " + e.key.path + " is bought again though it is in doubt");
  }
  if (run.crew == nullptr)
    return;
  const auto& own = run.crew->limits;
  const auto attempts =
      call.task != none ? own.attempts_max + run.tasks[call.task].interrupted
                        : run.life;
  if (tries > std::uint64_t{own.tries_max} * attempts)
    report("S2", run, std::to_string(tries) + " tries of call " + e.key.path);
  if (e.try_no != tries)
    report("H3", run,
           "try " + std::to_string(e.try_no) + " of call " + e.key.path
               + " is its " + std::to_string(tries) + "th");
}

void books::check_answer(run_book& run, const core::events::run_finished& e) {
  if (e.status == core::run_status::partial && e.reason == "over_budget"
      && e.answer.empty())
    report("M6", run, "a run that exhausted its money has no answer");
  const auto is_paid = [](const auto& task) {
    return task.now == task_now::succeeded;
  };
  if (e.status == core::run_status::failed && e.reason == "over_budget"
      && std::any_of(run.tasks.begin(), run.tasks.end(), is_paid))
    report("M6", run, "a run that exhausted its money throws results away");
}

void books::check_report(run_book& run, const core::run_state& told) {
  const auto wrong = [&](const std::string& what) {
    report("R1", &run, nullptr, run.last_at_ms, what);
  };
  if (told.status == core::run_status::suspended) {
    if (run.now != run_now::suspended && !run.journal_broken)
      wrong("a run is reported as suspended that is not");
    return;
  }
  if (run.now != run_now::finished) {
    wrong("an end is reported that is not durable");
    return;
  }
  if (told.status != run.end_status || told.reason != run.end_reason
      || told.answer.view() != run.end_answer.view())
    wrong("what is reported is not the durable end");
  if (!run.journal_broken && wide{told.spent.value} != run.spent)
    wrong("the report says that " + std::to_string(told.spent.value)
          + " is spent, the log says " + std::to_string(in_range(run.spent)));
}

} // namespace brigade::testkit::detail
