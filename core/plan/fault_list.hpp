/// Collects the faults of a plan up to their limit. Used by the parts of
/// `check_plan`.
#pragma once

#include "brigade/core/plan/plan_check.hpp"
#include "brigade/core/plan/plan_names.hpp"
#include "brigade/core/plan/plan_shape.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::core {

class fault_list {
public:
  /// Whether further faults would be dropped: then no message need be made.
  bool full() const { return faults_.size() >= plan_faults_max; }

  void add(std::string_view code, std::string pointer, std::string message) {
    if (!full())
      faults_.push_back(
          {std::string{code}, std::move(pointer), std::move(message)});
  }

  std::vector<plan_fault> take() { return std::move(faults_); }

private:
  std::vector<plan_fault> faults_;
};

/// `/tasks/2/worker`.
inline std::string task_pointer(std::size_t task, std::string_view field) {
  return "/tasks/" + std::to_string(task) + '/' + std::string{field};
}

/// `/tasks/2/inputs/0`.
inline std::string task_pointer(std::size_t task, std::string_view field,
                                std::size_t item) {
  return task_pointer(task, field) + '/' + std::to_string(item);
}

/// How a message names a subtask.
inline std::string shown_task(const std::vector<task_draft>& tasks,
                              std::size_t task) {
  return tasks[task].id ? shown_name(*tasks[task].id)
                        : "subtask number " + std::to_string(task + 1);
}

} // namespace brigade::core
