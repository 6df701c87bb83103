/// The prompts of a run's planner, workers and synthesizer.
///
/// The system message holds instructions in clear; whatever comes from users,
/// documents, models or workers stands in blocks in the user message, and what
/// a `{{name}}` brings into a crew's own prompt is escaped like a block's
/// content.
///
/// Blocks by role (attributes in parentheses):
/// - planner: `goal`; `worker` (name) with its description, one each; `limits`
///   (tasks_max, depth_max, direct_answer), without content; `document`
///   excerpts (id, name, lines, total_lines), see prompt_index.hpp; on a repair
///   `faults`, each as `code pointer message` on a line of its own.
/// - worker: `subtask` (id, worker) with the description; `context` and
///   `expected_output` when given; `document` (id, name, lines), one for each
///   range; `result` (task, worker) for each dependency; `missing` (task,
///   worker), without content, for each dependency that did not succeed; on a
///   repair `rejection` with the reason.
/// - synthesizer: `goal`; `analysis`; `result` (task, worker, description) for
///   each success; `gap` (task, worker, description, status), without content,
///   for each other.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/model/input_sections.hpp"
#include "brigade/core/model/model.hpp"
#include "brigade/core/model/prompt_template.hpp"
#include "brigade/core/plan/plan.hpp"
#include "brigade/core/run/input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// A dependency's result, or its absence, as its dependant is told.
struct dependency_result {
  std::string_view task;
  std::string_view worker;
  /// Null when it did not succeed.
  const shared_text* result = nullptr;
};

/// A subtask's end, as the synthesizer is told.
struct task_result {
  const subtask* task = nullptr;
  /// Null when it did not succeed.
  const shared_text* result = nullptr;
  /// `failed`, `skipped`, ... when `result` is null.
  std::string_view status;
};

/// The longest rejected proposal that a repair prompt repeats, in bytes.
inline constexpr std::size_t proposal_bytes_max = 16'384;

/// The most faults that a repair prompt names.
inline constexpr std::size_t repair_faults_max = 64;

/// How a plan of this crew for these inputs is asked for. Costs more than the
/// rest of the prompt, so a caller may keep it.
schema_request plan_schema_request(const crew& c, const input_set& inputs);

model_request planner_request(const crew& c, std::string_view goal,
                              const input_set& inputs);
model_request planner_request(const crew& c, std::string_view goal,
                              const input_set& inputs,
                              const schema_request& schema);

/// `faults` of the rejected `proposal`; see rule S5 for what they may hold.
model_request repair_request(const crew& c, std::string_view goal,
                             const input_set& inputs, std::string_view proposal,
                             const std::vector<plan_fault>& faults);

/// The same for a planner's request at hand; only the newest proposal is
/// repeated when `first` is a repair itself.
model_request repair_request(model_request first, std::string_view proposal,
                             const std::vector<plan_fault>& faults);

/// `{{goal}}`, `{{task}}` (the subtask's description) and `{{worker}}` are
/// known in the worker's prompt; in those of planner and synthesizer only
/// `{{goal}}`.
model_request worker_request(const crew& c, std::string_view goal,
                             const subtask& task, const input_set& inputs,
                             const std::vector<dependency_result>& results);

/// The same after a reply that was rejected, with the reason. Serves the
/// synthesizer too.
model_request worker_repair_request(const model_request& first,
                                    std::string_view reason);

model_request synthesizer_request(const crew& c, std::string_view goal,
                                  std::string_view analysis,
                                  const std::vector<task_result>& results);

} // namespace brigade::core
