// A1: nothing is bought for a plan before somebody has approved it.

#include "books.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace brigade::testkit::detail {

namespace ev = core::events;

/// What the run says of itself, against its order.
void books::check_submission(run_book& run, const ev::run_submitted& e) {
  run.must_ask = e.approval == "plan";
  if (run.must_ask != (run.is_top && run.ordered_approval))
    report("A1", run,
           run.must_ask ? "the run asks for approval though it need not"
                        : "the run does not ask for approval");
  if (run.must_ask && run.crew != nullptr
      && e.approval_timeout_ms != run.crew->limits.approval_timeout_ms)
    report("A1", run, "the run waits for another time than its crew says");
}

/// With the plan's acceptance the question is written.
void books::check_question_due(run_book& run, const core::event_body& next) {
  if (!run.question_due)
    return;
  run.question_due = false;
  if (!std::holds_alternative<ev::approval_requested>(next))
    report("A1", run, "the plan is accepted and nobody is asked");
}

void books::ask(run_book& run, const ev::approval_requested& e) {
  if (!run.must_ask || run.approved || run.waits)
    report("A1", run, "approval is asked for where none is needed");
  run.waits = true;
  if (run.plan == nullptr || run.plan->tasks.empty())
    report("A1", run, "there is nothing to approve");
  const bool rises = e.cost_low.value >= 0 && e.cost_low <= e.cost_expected
                     && e.cost_expected <= e.cost_worst;
  const auto room = std::max(wide{0}, wide{run.most.cost} - run.spent);
  if (!rises || (!run.unknown && wide{e.cost_worst.value} > room))
    report("A1", run, "the costs that are shown do not rise or do not fit");
  // Each of the path depends on the one before.
  std::uint32_t before = none;
  for (const auto& id : e.critical_path) {
    const auto* task = find_task(run, id);
    const auto at = task == nullptr
                        ? none
                        : static_cast<std::uint32_t>(task - run.tasks.data());
    bool linked = task != nullptr && before == none;
    for (std::uint32_t k = 0; task != nullptr && k < task->edges; ++k)
      linked = linked || run.edges[task->first_edge + k].source == before;
    if (!linked)
      report("A1", run, "the critical path is no chain of the plan");
    before = at;
  }
  if (e.critical_path.empty())
    report("A1", run, "the critical path is empty");
}

void books::give(run_book& run, const ev::approval_given& e) {
  if (!run.waits)
    report("A1", run, "approval is given that nobody asked for");
  run.waits = false;
  if (e.decision == "approved" || e.decision == "edited")
    run.approved = true;
  else if (e.decision == "rejected" || e.decision == "expired")
    run.refusal = "approval_" + e.decision;
  else
    report("A1", run, "the decision " + quoted(e.decision) + " is none");
  if (e.decision != "edited" || run.plan == nullptr)
    return;
  // Another plan takes its place; nothing of this one has begun.
  run.tasks_used -= run.plan->tasks.size();
  run.plan = nullptr;
  run.tasks.clear();
  run.by_id.clear();
  run.edges.clear();
}

/// What begins for a plan needs its approval.
void books::check_approved(run_book& run, const char* what) {
  if (run.must_ask && !run.approved)
    report("A1", run, std::string{what} + " before the plan is approved");
  else if (!run.refusal.empty())
    report("A1", run, std::string{what} + " though the plan was refused");
}

/// A plan that was refused is the end of its run.
void books::check_refused(run_book& run, const ev::run_ending& e) {
  const bool says_so =
      e.reason == "approval_rejected" || e.reason == "approval_expired";
  if (run.refusal.empty()
          ? says_so
          : e.reason != run.refusal || e.status != core::run_status::cancelled)
    report("A1", run,
           "the run ends with " + quoted(e.reason) + " after the decision "
               + quoted(run.refusal));
}

void books::check_wait(run_book& run, const ev::run_suspended& e) {
  if ((e.reason == "approval") != run.waits && e.reason != "storage_failure")
    report("A1", run,
           run.waits ? "the run waits for approval and says " + quoted(e.reason)
                     : "the run stands still for an approval that is given");
}

} // namespace brigade::testkit::detail
