// S1, S4 and the epoch: what a run consists of. The lives of its subtasks stand
// in tasks.cpp.

#include "books.hpp"

#include "brigade/core/crew/crew.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace brigade::testkit::detail {

namespace {

/// Plain scans: crews are small, and nothing of the core is called.
const core::model_spec* model_of(const core::crew& c, std::string_view alias) {
  for (const auto& model : c.models)
    if (model.alias == alias)
      return &model;
  return nullptr;
}

const core::worker_spec* worker_of(const core::crew& c, std::string_view name) {
  for (const auto& worker : c.workers)
    if (worker.name == name)
      return &worker;
  return nullptr;
}

} // namespace

// -- nested runs --------------------------------------------------------------

void books::nest(run_book& run, const core::events::run_submitted& e) {
  run.typical = e.estimate == "typical";
  if (!run.is_top) {
    auto* parent = find(e.parent_run);
    auto* task =
        parent != nullptr ? find_task(*parent, e.parent_task) : nullptr;
    if (task == nullptr || task->worker == nullptr || !task->worker->nested) {
      report("S4", run, "nobody ordered this run");
      run.unknown = true;
      return;
    }
    // A till that crashes takes its run with it at once; what it had ordered
    // is charged there and cancelled as soon as that is known.
    if (!tills_lost
        && (parent->now == run_now::finished
            || parent->now == run_now::suspended))
      report("L2", run, "the run begins though the run above has ended");
    run.crew = task->worker->nested;
    run.parent = place_of(*parent);
    run.depth = parent->depth + 1;
    run.journal_broken = parent->journal_broken;
    const auto& own = run.crew->limits;
    run.most = {own.cost.value, own.tokens_max.value_or(no_ceiling),
                own.calls_max.value_or(no_ceiling),
                own.tasks_total_max.value_or(no_ceiling), own.run_deadline_ms};
    for (auto call = task->last_call; call != none;
         call = parent->calls[call].before)
      if (parent->calls[call].nested_run == run.id.text)
        run.parent_call = call;
    if (run.parent_call == none) {
      report("M3", run, "the nested run begins without an intent");
    } else {
      auto& call = parent->calls[run.parent_call];
      call.child = place_of(run);
      const auto ends_ms =
          std::min({parent->most.deadline_ms, task->start_ms + task->limit_ms,
                    task->first_start_ms
                        + std::max(parent->crew->limits.task_timeout_ms,
                                   task->limit_ms)});
      run.most.deadline_ms =
          std::min(run.most.deadline_ms, ends_ms - call.at_ms);
      if (e.ceiling.value > call.reserved
          || (call.reserved_tokens != no_ceiling
              && e.tokens_max.value_or(no_ceiling) > call.reserved_tokens))
        report("S1", run, "the nested run has more than its slice");
    }
    std::uint32_t above = 1;
    for (auto at = run.parent; at != none; at = runs[at].parent, ++above)
      if (above > runs[at].crew->limits.nesting_max)
        report("S1", run, "the run is nested too deep");
  }
  if (!run.is_top)
    run.ordered = run.most;
  if (run.typical && run.crew->limits.estimate != core::estimate_kind::typical)
    report("M1", run, "the run estimates though its crew does not say so");
  if (e.deadline_ms > run.most.deadline_ms)
    report("S1", run, "the run's deadline is later than it may be");
  run.most.deadline_ms = std::min(run.most.deadline_ms, e.deadline_ms);
  open_books(run, e);
}

// -- plans --------------------------------------------------------------------

void books::accept(run_book& run, const core::events::plan_accepted& e) {
  if (run.plan || !e.plan) {
    report("S4", run, "a second plan is accepted, or none");
    return;
  }
  run.plan = e.plan;
  run.question_due = run.must_ask && !run.approved && !run.plan->tasks.empty();
  run.share = e.synthesis_share.value;
  run.share_tokens = e.synthesis_tokens;
  if (run.unknown || run.crew == nullptr)
    return;
  const auto& crew = *run.crew;
  const auto& all = run.plan->tasks;
  if (all.size() > crew.limits.tasks_max)
    report("S1", run, "the plan has more than limits.tasks_max subtasks");
  if (all.empty() && !crew.planner.direct_answer)
    report("S4", run, "the planner may not answer itself");
  for (auto at = place_of(run); at != none; at = runs[at].parent) {
    runs[at].tasks_used += all.size();
    if (runs[at].tasks_used > runs[at].most.tasks)
      report("S1", runs[at], "more subtasks than limits.tasks_total_max");
  }
  run.tasks.resize(all.size());
  run.by_id.resize(all.size());
  std::iota(run.by_id.begin(), run.by_id.end(), 0U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& task = run.tasks[i];
    task.id = all[i].id;
    task.worker = worker_of(crew, all[i].worker);
    if (task.worker == nullptr) {
      report("S4", run, "the plan names a worker that the crew does not have");
      continue;
    }
    task.limit_ms = task.worker->attempt_timeout_ms.value_or(
        task.worker->nested ? task.worker->nested->limits.run_deadline_ms
                            : crew.limits.attempt_timeout_ms);
  }
  std::sort(run.by_id.begin(), run.by_id.end(), [&run](auto a, auto b) {
    return run.tasks[a].id < run.tasks[b].id;
  });
  for (std::size_t i = 1; i < run.by_id.size(); ++i)
    if (run.tasks[run.by_id[i - 1]].id == run.tasks[run.by_id[i]].id)
      report("S1", run, "two subtasks have the same id");
  if (!check_graph(run))
    report("S1", run, "the plan is deeper than limits.depth_max, or a circle");
}

/// Draws the edges; false when some chain is longer than it may be, which every
/// circle is.
bool books::check_graph(run_book& run) {
  const auto& crew = *run.crew;
  for (std::size_t i = 0; i < run.tasks.size(); ++i) {
    auto& task = run.tasks[i];
    task.first_edge = static_cast<std::uint32_t>(run.edges.size());
    for (const auto& edge : run.plan->tasks[i].depends_on) {
      const auto* source = find_task(run, edge.task);
      if (source == nullptr) {
        report("S1", run, "a subtask depends on one that is not in the plan");
        continue;
      }
      auto policy = crew.if_dependency_failed;
      if (task.worker != nullptr && task.worker->if_dependency_failed)
        policy = *task.worker->if_dependency_failed;
      if (edge.if_failed)
        policy = *edge.if_failed;
      run.edges.push_back(
          {static_cast<std::uint32_t>(source - run.tasks.data()), policy});
    }
    task.edges = static_cast<std::uint32_t>(run.edges.size()) - task.first_edge;
  }
  // After as many rounds as there may be levels nothing rises any more.
  levels.assign(run.tasks.size(), 1);
  for (std::uint32_t round = 0; round < crew.limits.depth_max; ++round) {
    bool rose = false;
    for (std::size_t i = 0; i < run.tasks.size(); ++i)
      for (std::uint32_t k = 0; k < run.tasks[i].edges; ++k) {
        const auto above =
            levels[run.edges[run.tasks[i].first_edge + k].source] + 1;
        rose = rose || above > levels[i];
        levels[i] = std::max(levels[i], above);
      }
    if (!rose)
      break;
  }
  return std::all_of(levels.begin(), levels.end(), [&crew](auto level) {
    return level <= crew.limits.depth_max;
  });
}

// -- who buys -----------------------------------------------------------------

void books::check_buyer(run_book& run, call_book& call,
                        const core::events::call_intended& e) {
  const auto place = static_cast<std::uint32_t>(run.calls.size() - 1);
  if (&call != run.calls.data() && run.calls[place - 1].id >= e.id)
    report("M4", run, "the ids of calls do not rise");
  call.id = e.id;
  call.role = e.role;
  call.generation = e.key.generation;
  call.step = e.key.step;
  call.at_ms = now->at_ms;
  call.model_name = e.model;
  call.nested_run = e.nested_run;
  call.nested = !e.nested_run.empty();
  call.request_hash = e.request_hash;
  if (e.epoch < run.epoch)
    report("epoch", run, "an older life of the orchestrator bought a call");
  else if (e.epoch > run.life)
    report("epoch", run, "a life that has not begun bought a call");
  run.epoch = std::max(run.epoch, e.epoch);
  if (run.unknown || run.crew == nullptr)
    return;
  const auto& crew = *run.crew;
  if (!call.nested)
    call.model = model_of(crew, e.model);
  if (e.key.generation > crew.limits.repairs_max)
    report("S2", run,
           quoted(e.key.path)
               + " is repaired more often than limits.repairs_max");
  if (e.role != core::call_role::planner)
    check_approved(run, "a call is bought");
  if (e.role == core::call_role::worker) {
    auto* task = known_task(run, e.task);
    if (task == nullptr)
      return;
    call.task = static_cast<std::uint32_t>(task - run.tasks.data());
    call.before = task->last_call;
    task->last_call = place;
    if (std::string_view{e.key.path}.substr(0, 5) != "task/"
        || std::string_view{e.key.path}.substr(5) != task->id)
      report("S4", run, "the call's key is not its subtask's");
    if (task->worker != nullptr
        && (call.nested ? !task->worker->nested
                              || e.model != "crew/" + task->worker->nested->name
                        : e.model != task->worker->model))
      report("S4", run, "the call is not for its worker's model");
    if (++task->calls > crew.limits.calls_per_task_max)
      report("S2", run,
             "subtask " + quoted(e.task) + " made "
                 + std::to_string(task->calls) + " calls");
    if (task->attempt == 0)
      report("S1", run,
             "a call for subtask " + quoted(e.task)
                 + ", which has not started");
    else if (e.attempt > task->attempt)
      report("H3", run, "a call of an attempt that has not started");
    return;
  }
  const bool plans = e.role == core::call_role::planner;
  auto& last_call = run.last_call[plans ? 0 : 1];
  call.before = last_call;
  last_call = place;
  if (e.key.path != (plans ? "plan" : "synth") || !e.task.empty()
      || e.model != (plans ? crew.planner.model : crew.synthesizer.model))
    report("S4", run, "the call is not its role's");
  if (plans ? run.plan != nullptr : !run.synthesizing)
    report("S1", run,
           plans ? "the planner is asked after the plan"
                 : "the synthesizer is asked too early");
}

} // namespace brigade::testkit::detail
