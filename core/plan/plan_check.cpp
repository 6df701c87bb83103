#include "brigade/core/plan/plan_check.hpp"

#include "brigade/core/plan/fault_list.hpp"
#include "brigade/core/plan/plan_relations.hpp"
#include "brigade/core/plan/plan_text.hpp"
#include "brigade/core/plan/plan_words.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace brigade::core {

namespace {

namespace json = boost::json;

constexpr std::size_t id_bytes_max = 32;
/// Memory for the JSON of an ordinary plan, on the stack.
constexpr std::size_t parse_buffer_bytes = 16'384;

bool is_id(std::string_view text) {
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= id_bytes_max
         && std::all_of(text.begin(), text.end(), plain);
}

std::string suggestion(std::string_view name,
                       const std::vector<std::string_view>& candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : " Did you mean " + shown_name(nearest) + "?";
}

std::string count_of(std::size_t number, std::string_view noun) {
  return std::to_string(number) + ' ' + std::string{noun}
         + (number == 1 ? "" : "s");
}

/// Whether there are so many subtasks that their number is all that is said.
bool is_flood(const plan_draft& draft, const plan_rules& rules) {
  return draft.tasks
         && draft.tasks->size() > tasks_examined_factor * rules.tasks_max;
}

class plan_checker {
public:
  plan_checker(const plan_draft& draft, const plan_rules& rules)
      : draft_(draft), tasks_(*draft.tasks), rules_(rules) {
    // nop
  }

  /// Finds all faults but those of the shape.
  std::vector<plan_fault> run() {
    check_answer();
    if (tasks_.size() > rules_.tasks_max)
      add_too_many();
    if (is_flood(draft_, rules_))
      return faults_.take();
    collect_ids();
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      check_task(i);
    check_cycles(tasks_, graph_, faults_);
    check_depth(tasks_, graph_, rules_.depth_max, faults_);
    check_repetition(tasks_, graph_, faults_);
    return faults_.take();
  }

private:
  // -- the whole plan ---------------------------------------------------------

  void check_answer() {
    if (draft_.answer && !rules_.direct_answer)
      faults_.add(
          "direct_answer_not_allowed", "/answer",
          "this crew takes no direct answer: leave out `answer` and plan at "
          "least one subtask.");
    else if (draft_.answer && !tasks_.empty())
      faults_.add(
          "direct_answer_not_allowed", "/answer",
          "a direct answer stands alone: either set `answer` to null, or set "
          "`tasks` to [].");
    else if (!draft_.answer && tasks_.empty())
      faults_.add(
          "empty_plan", "/tasks",
          rules_.direct_answer
              ? "the plan has no subtasks and no answer: plan at least one "
                "subtask, or give the whole answer in `answer`."
              : "the plan has no subtasks: plan at least one.");
  }

  void add_too_many() {
    faults_.add("too_many_tasks", "/tasks",
                "the plan has " + count_of(tasks_.size(), "subtask")
                    + ", but at most " + std::to_string(rules_.tasks_max)
                    + " are allowed: merge or drop some.");
  }

  // -- ids --------------------------------------------------------------------

  void collect_ids() {
    ids_.reserve(tasks_.size());
    dependant_of_.resize(tasks_.size());
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (!tasks_[i].id)
        continue;
      const auto id = *tasks_[i].id;
      if (!is_id(id))
        faults_.add(
            "bad_id", task_pointer(i, "id"),
            shown_name(id)
                + " is no valid id: use 1 to 32 of the characters A-Z a-z 0-9 "
                  "_ -, such as `t"
                + std::to_string(i + 1) + "`.");
      const auto [first, is_new] = ids_.try_emplace(id, i);
      if (is_new)
        known_ids_.push_back(id);
      else
        faults_.add("duplicate_id", task_pointer(i, "id"),
                    "the id " + shown_name(id) + " is already taken by `/tasks/"
                        + std::to_string(first->second)
                        + "`: give every subtask an id of its own.");
    }
  }

  // -- one subtask ------------------------------------------------------------

  void check_task(std::size_t i) {
    auto& edges = graph_.emplace_back();
    if (!tasks_[i].well_formed)
      return; // The faults of its shape come first.
    check_worker(i);
    check_description(i);
    for (std::size_t n = 0; n < tasks_[i].inputs.size(); ++n)
      check_input(i, n);
    for (std::size_t n = 0; n < tasks_[i].depends_on.size(); ++n)
      check_dependency(i, n, edges);
  }

  void check_worker(std::size_t i) {
    const auto name = tasks_[i].worker;
    const std::vector<std::string_view> workers(rules_.workers.begin(),
                                                rules_.workers.end());
    if (std::find(workers.begin(), workers.end(), name) != workers.end())
      return;
    faults_.add("unknown_worker", task_pointer(i, "worker"),
                "there is no worker " + shown_name(name) + "."
                    + suggestion(name, workers) + " The workers are "
                    + shown_names(workers) + ".");
  }

  void check_description(std::size_t i) {
    const auto text = tasks_[i].description;
    const auto at = task_pointer(i, "description");
    if (text.size() < rules_.description_bytes_min)
      faults_.add(
          "description_too_short", at,
          "the description of " + shown_task(tasks_, i) + " has "
              + count_of(text.size(), "byte") + ", at least "
              + std::to_string(rules_.description_bytes_min)
              + " are needed: name the objective, the scope and what to "
                "return.");
    else if (text.size() > rules_.description_bytes_max)
      faults_.add("description_too_long", at,
                  "the description of " + shown_task(tasks_, i) + " has "
                      + count_of(text.size(), "byte") + ", at most "
                      + std::to_string(rules_.description_bytes_max)
                      + " are allowed: shorten it, or divide the subtask.");
    else if (is_vague(text))
      faults_.add(
          "vague_description", at,
          "the description of " + shown_task(tasks_, i)
              + " does not say what it is about: the worker sees nothing else, "
                "so name the subject, the scope and what to return.");
  }

  void check_input(std::size_t i, std::size_t n) {
    if (faults_.full())
      return;
    const auto text = tasks_[i].inputs[n];
    const auto at = task_pointer(i, "inputs", n);
    const auto id = text.substr(0, text.find(':'));
    const auto* document =
        rules_.inputs ? find_input(*rules_.inputs, id) : nullptr;
    if (!document) {
      faults_.add("unknown_input", at, unknown_input(id));
      return;
    }
    const auto range = parse_input_range(text);
    if (range && range->last <= document->line_count())
      return;
    const auto name = document->id();
    faults_.add("bad_range", at,
                shown_name(text) + " is no range of " + shown_name(name)
                    + ", which has " + count_of(document->line_count(), "line")
                    + ": write `" + name + "` for all of it, or `" + name
                    + ":FIRST-LAST` with FIRST from 1 and LAST up to "
                    + std::to_string(document->line_count()) + ".");
  }

  std::string unknown_input(std::string_view id) const {
    std::vector<std::string_view> names;
    if (rules_.inputs)
      for (const auto& document : *rules_.inputs)
        names.push_back(document.id());
    if (names.empty())
      return "there is no input " + shown_name(id)
             + ": the goal came without documents, so set `inputs` to [].";
    return "there is no input " + shown_name(id) + "." + suggestion(id, names)
           + " The inputs are " + shown_names(names) + ".";
  }

  void check_dependency(std::size_t i, std::size_t n,
                        std::vector<std::size_t>& edges) {
    const auto id = tasks_[i].depends_on[n].task;
    const auto found = ids_.find(id);
    if (found == ids_.end() && faults_.full())
      return;
    if (found == ids_.end()) {
      faults_.add("unknown_dependency", task_pointer(i, "depends_on", n),
                  "there is no subtask " + shown_name(id) + "."
                      + suggestion(id, known_ids_) + " The subtasks are "
                      + shown_names(known_ids_) + ".");
    } else if (id == *tasks_[i].id) {
      faults_.add("self_dependency", task_pointer(i, "depends_on", n),
                  shown_task(tasks_, i)
                      + " depends on itself: remove that dependency.");
    } else if (dependant_of_[found->second] != i + 1) {
      dependant_of_[found->second] = i + 1;
      edges.push_back(found->second);
    }
  }

  const plan_draft& draft_;
  const std::vector<task_draft>& tasks_;
  const plan_rules& rules_;
  fault_list faults_;
  /// The first subtask with each id.
  std::unordered_map<std::string_view, std::size_t> ids_;
  std::vector<std::string_view> known_ids_;
  plan_graph graph_;
  /// For each subtask, one more than the last one seen to depend on it.
  std::vector<std::size_t> dependant_of_;
};

subtask to_subtask(const task_draft& draft) {
  subtask task;
  task.id = *draft.id;
  task.worker = draft.worker;
  task.description = draft.description;
  task.context = draft.context;
  task.expected_output = draft.expected_output;
  for (auto input : draft.inputs)
    task.inputs.push_back(*parse_input_range(input));
  std::unordered_set<std::string_view> seen;
  for (const auto& edge : draft.depends_on)
    if (draft.depends_on.size() == 1 || seen.insert(edge.task).second)
      task.depends_on.push_back({std::string{edge.task}, edge.if_failed});
  return task;
}

plan to_plan(const plan_draft& draft) {
  plan p;
  p.analysis = draft.analysis;
  if (draft.answer)
    p.answer = std::string{*draft.answer};
  p.tasks.reserve(draft.tasks->size());
  for (const auto& task : *draft.tasks)
    p.tasks.push_back(to_subtask(task));
  return p;
}

checked_plan check_json(const json::value& json, const plan_rules& rules) {
  const auto draft = read_plan_shape(json);
  checked_plan result;
  if (!draft.well_formed && !is_flood(draft, rules))
    result.faults = explain_plan_shape(json);
  if (draft.tasks) {
    auto found = plan_checker{draft, rules}.run();
    result.faults.insert(result.faults.end(),
                         std::make_move_iterator(found.begin()),
                         std::make_move_iterator(found.end()));
  }
  if (result.faults.empty())
    result.value = to_plan(draft);
  return result;
}

checked_plan refused(std::string message) {
  return {std::nullopt, {{"not_json", "", std::move(message)}}};
}

} // namespace

checked_plan check_plan(std::string_view text, const plan_rules& rules) try {
  std::array<unsigned char, parse_buffer_bytes> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const auto found = find_plan_text(text, &memory);
  if (!found.value)
    return refused(found.problem);
  return check_json(*found.value, rules);
} catch (...) {
  return refused("the plan could not be read: answer with a shorter one.");
}

} // namespace brigade::core
