#include "brigade/core/plan/schedule.hpp"

#include <cassert>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace brigade::core {

schedule::schedule(const plan& p, schedule_rules rules)
    : rules_(std::move(rules)), open_tasks_(p.tasks.size()) {
  assert(rules_.parallel_max > 0);
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < p.tasks.size(); ++i)
    index.emplace(p.tasks[i].id, i);
  nodes_.resize(p.tasks.size());
  for (std::size_t i = 0; i < p.tasks.size(); ++i) {
    const auto& task = p.tasks[i];
    nodes_[i].id = task.id;
    for (const auto& dependency : task.depends_on) {
      const auto found = index.find(dependency.task);
      assert(found != index.end() && found->second != i);
      const auto policy =
          rules_.policy_of ? rules_.policy_of(task, dependency)
                           : dependency.if_failed.value_or(rules_.crew_policy);
      nodes_[i].dependencies.push_back(found->second);
      nodes_[found->second].dependants.push_back({i, policy});
    }
    nodes_[i].open_dependencies = task.depends_on.size();
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].open_dependencies == 0)
      make_ready(i);
}

schedule_effects schedule::restore(const std::vector<task_end>& ends) {
  assert(ends.size() == nodes_.size());
  // All known ends first: what follows from one of them may be another.
  std::vector<std::size_t> ended;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    switch (ends[i]) {
    case task_end::none:
      continue;
    case task_end::succeeded:
      end(i, phase::succeeded);
      break;
    case task_end::failed:
      end(i, phase::failed);
      break;
    case task_end::skipped:
      end(i, phase::skipped);
      break;
    }
    ended.push_back(i);
  }
  schedule_effects effects;
  for (auto task : ended)
    spread(task, effects);
  return effects;
}

std::vector<std::size_t> schedule::start_ready() {
  std::vector<std::size_t> started;
  while (!aborted_ && running_ < rules_.parallel_max && !ready_.empty()) {
    const auto task = ready_.top();
    ready_.pop();
    if (nodes_[task].now != phase::ready)
      continue; // Failed or skipped since.
    nodes_[task].now = phase::running;
    ++running_;
    started.push_back(task);
  }
  return started;
}

void schedule::succeeded(std::size_t task) {
  if (task >= nodes_.size() || nodes_[task].now != phase::running)
    return;
  end(task, phase::succeeded);
  schedule_effects none;
  spread(task, none);
  assert(none == schedule_effects{});
}

schedule_effects schedule::failed(std::size_t task) {
  schedule_effects effects;
  if (task >= nodes_.size() || is_terminal(nodes_[task].now))
    return effects;
  end(task, phase::failed);
  spread(task, effects);
  return effects;
}

void schedule::waits(std::size_t task) {
  if (task >= nodes_.size() || nodes_[task].now != phase::running)
    return;
  nodes_[task].now = phase::waiting;
  --running_;
}

void schedule::wakes(std::size_t task) {
  if (task < nodes_.size() && nodes_[task].now == phase::waiting)
    make_ready(task);
}

void schedule::make_ready(std::size_t task) {
  nodes_[task].now = phase::ready;
  ready_.push(task);
}

void schedule::end(std::size_t task, phase how) {
  assert(!is_terminal(nodes_[task].now) && is_terminal(how));
  if (nodes_[task].now == phase::running)
    --running_;
  nodes_[task].now = how;
  --open_tasks_;
}

/// Tells the dependants of a subtask that has just ended, and those of each
/// subtask that is skipped because of it. Looks at each edge once in the life
/// of the schedule.
void schedule::spread(std::size_t task, schedule_effects& effects) {
  std::vector<std::size_t> ended{task};
  for (std::size_t next = 0; next < ended.size(); ++next) {
    const auto& source = nodes_[ended[next]];
    const bool broken = source.now != phase::succeeded;
    if (broken && rules_.crew_policy == failure_policy::abort)
      effects.abort = aborted_ = true;
    for (const auto& [dependant, policy] : source.dependants) {
      auto& target = nodes_[dependant];
      assert(target.open_dependencies > 0);
      --target.open_dependencies;
      // Also when the dependant is terminal already: whether a run is aborted
      // must not depend on who failed first.
      if (broken && policy == failure_policy::abort)
        effects.abort = aborted_ = true;
      if (target.now != phase::blocked)
        continue;
      if (broken && policy == failure_policy::skip) {
        end(dependant, phase::skipped);
        effects.skipped.push_back({dependant, missing_of(target)});
        ended.push_back(dependant);
      } else if (target.open_dependencies == 0) {
        make_ready(dependant);
      }
    }
  }
}

std::vector<std::string> schedule::missing_of(const node& n) const {
  std::vector<std::string> missing;
  for (auto dependency : n.dependencies) {
    const auto& source = nodes_[dependency];
    if (source.now == phase::failed || source.now == phase::skipped)
      missing.push_back(source.id);
  }
  return missing;
}

} // namespace brigade::core
