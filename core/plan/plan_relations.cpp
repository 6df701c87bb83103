#include "brigade/core/plan/plan_relations.hpp"

#include "brigade/core/plan/plan_words.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace brigade::core {

namespace {

/// Ids of a cycle that are named.
constexpr std::size_t cycle_names_max = 16;

/// `t1 -> t2 -> t1`.
std::string path_of(const std::vector<task_draft>& tasks,
                    const std::vector<std::size_t>& cycle) {
  auto id = [&tasks](std::size_t task) {
    const auto shown = shown_task(tasks, task);
    return shown.substr(1, shown.size() - 2); // Without the backticks.
  };
  std::string path;
  for (std::size_t n = 0; n < cycle.size(); ++n) {
    if (n == cycle_names_max) {
      path += "... -> ";
      break;
    }
    path += id(cycle[n]) + " -> ";
  }
  return path + id(cycle.front());
}

/// The dependency by which the cycle's first subtask is in it.
std::string pointer_of(const std::vector<task_draft>& tasks,
                       const std::vector<std::size_t>& cycle) {
  const auto& edges = tasks[cycle.front()].depends_on;
  const auto target = *tasks[cycle[1]].id;
  const auto found =
      std::find_if(edges.begin(), edges.end(),
                   [&](const auto& edge) { return edge.task == target; });
  return task_pointer(cycle.front(), "depends_on",
                      static_cast<std::size_t>(found - edges.begin()));
}

struct fingerprint {
  std::size_t task = 0;
  word_set words;
};

/// Subtasks that could be the same order. Of two texts that are the same or
/// nearly so, the words of one are among those of the other, and so are the
/// bits of its signature: most pairs end at that, so the signatures stand by
/// themselves.
struct repetition_group {
  std::vector<std::uint64_t> signatures;
  std::vector<fingerprint> members;
};

/// Two subtasks with different keys are never the same order.
std::string repetition_key(const task_draft& task,
                           std::vector<std::size_t> edges) {
  std::sort(edges.begin(), edges.end());
  auto inputs = task.inputs;
  std::sort(inputs.begin(), inputs.end());
  std::string key{task.worker};
  for (auto input : inputs)
    key.append(1, '\n').append(input);
  key += '\0';
  for (auto edge : edges)
    key.append(1, '\n').append(std::to_string(edge));
  return key;
}

/// Adds a fault when `second` repeats `first`.
bool add_if_repeated(const std::vector<task_draft>& tasks,
                     const fingerprint& first, const fingerprint& second,
                     fault_list& faults) {
  const auto& a = tasks[first.task];
  const auto& b = tasks[second.task];
  // The same text has the same words: most pairs end here.
  const bool same = first.words.signature == second.words.signature
                    && a.description == b.description && a.context == b.context;
  if (!same && !are_near(first.words, second.words))
    return false;
  faults.add(same ? "duplicate_task" : "near_duplicate_task",
             "/tasks/" + std::to_string(second.task),
             shown_task(tasks, second.task)
                 + (same ? " repeats " : " asks for nearly the same as ")
                 + shown_task(tasks, first.task)
                 + ": drop it, or make clear how it differs.");
  return true;
}

} // namespace

void check_cycles(const std::vector<task_draft>& tasks, const plan_graph& graph,
                  fault_list& faults) {
  for (const auto& cycle : find_cycles(graph))
    faults.add("cyclic_dependency", pointer_of(tasks, cycle),
               "these subtasks wait for one another, each for the next: `"
                   + path_of(tasks, cycle)
                   + "`: remove one of these dependencies.");
}

void check_depth(const std::vector<task_draft>& tasks, const plan_graph& graph,
                 std::uint32_t depth_max, fault_list& faults) {
  const auto levels = find_levels(graph);
  for (std::size_t i = 0; i < levels.size(); ++i)
    // Those behind it in the chain follow from it.
    if (levels[i] == depth_max + 1)
      faults.add("too_deep", task_pointer(i, "depends_on"),
                 shown_task(tasks, i) + " is number "
                     + std::to_string(levels[i])
                     + " in a chain of dependencies, but at most "
                     + std::to_string(depth_max)
                     + " may follow one another: drop a dependency or merge "
                       "subtasks.");
}

void check_repetition(const std::vector<task_draft>& tasks,
                      const plan_graph& graph, fault_list& faults) {
  std::unordered_map<std::string, repetition_group> groups;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!tasks[i].well_formed)
      continue;
    auto& group = groups[repetition_key(tasks[i], graph[i])];
    std::string text{tasks[i].description};
    text.append(1, ' ').append(tasks[i].context);
    fingerprint own{i, words_of(text)};
    const auto signature = own.words.signature;
    for (std::size_t j = 0; j < group.signatures.size(); ++j) {
      const auto common = group.signatures[j] & signature;
      if (common != signature && common != group.signatures[j])
        continue;
      if (add_if_repeated(tasks, group.members[j], own, faults))
        break;
    }
    group.signatures.push_back(signature);
    group.members.push_back(std::move(own));
  }
}

} // namespace brigade::core
