// The planner's prompts. Those of workers and synthesizer: prompt.cpp.

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/model/prompt_blocks.hpp"
#include "brigade/core/model/prompt_index.hpp"
#include "brigade/core/model/prompt_parts.hpp"
#include "brigade/core/model/prompt_text.hpp"
#include "brigade/core/plan/plan_schema.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

std::string system_text(const crew& c, std::string_view goal) {
  std::string result;
  result.reserve(prompt_text::planner.size() + prompt_text::direct_answer.size()
                 + prompt_text::planner_data.size() + prompt_text::author.size()
                 + c.planner.prompt.size() + 1);
  result += prompt_text::planner;
  if (c.planner.direct_answer)
    result += prompt_text::direct_answer;
  result += prompt_text::planner_data;
  if (!c.planner.prompt.empty()) {
    result += prompt_text::author;
    append_template(result, c.planner.prompt, {{"goal", goal}});
  }
  return result;
}

std::string user_text(const crew& c, std::string_view goal,
                      const input_set& inputs) {
  auto size = goal.size() + 3 * block_bytes;
  for (const auto& worker : c.workers)
    size += block_bytes + worker.name.size() + worker.description.size();
  std::string result;
  result.reserve(size);
  append_block(result, "goal", {}, goal);
  for (const auto& worker : c.workers)
    append_block(result, "worker", {{"name", worker.name}}, worker.description);
  append_block(result, "limits",
               {{"tasks_max", std::to_string(c.limits.tasks_max)},
                {"depth_max", std::to_string(c.limits.depth_max)},
                {"direct_answer", c.planner.direct_answer ? "true" : "false"}},
               {});
  append_input_index(result, inputs, c.limits);
  result += prompt_text::plan_now;
  return result;
}

std::string faults_text(const std::vector<plan_fault>& faults) {
  std::string lines;
  lines.reserve(std::min(faults.size(), repair_faults_max) * block_bytes);
  for (const auto& fault : faults) {
    if (&fault == faults.data() + repair_faults_max) {
      lines += "and " + std::to_string(faults.size() - repair_faults_max)
               + " more\n";
      break;
    }
    lines += fault.code;
    lines += ' ';
    // The pointer to the whole document is empty, which reads like a slip.
    lines += fault.pointer.empty() ? "(whole)" : fault.pointer;
    lines += ' ';
    lines += fault.message;
    lines += '\n';
  }
  if (!lines.empty())
    lines.pop_back();
  std::string result{prompt_text::plan_again};
  append_block(result, "faults", {}, lines);
  result += prompt_text::plan_again_end;
  return result;
}

} // namespace

schema_request plan_schema_request(const crew& c, const input_set& inputs) {
  std::vector<std::string> workers;
  workers.reserve(c.workers.size());
  for (const auto& worker : c.workers)
    workers.push_back(worker.name);
  return {std::string{plan_schema_name},
          shared_text{plan_schema_json(workers, input_choices(inputs),
                                       c.planner.direct_answer,
                                       c.limits.tasks_max)}};
}

model_request planner_request(const crew& c, std::string_view goal,
                              const input_set& inputs) {
  return planner_request(c, goal, inputs, plan_schema_request(c, inputs));
}

model_request planner_request(const crew& c, std::string_view goal,
                              const input_set& inputs,
                              const schema_request& schema) {
  auto result = request_of(c, call_role::planner, c.planner.model,
                           system_text(c, goal), user_text(c, goal, inputs));
  result.schema = schema;
  return result;
}

model_request repair_request(const crew& c, std::string_view goal,
                             const input_set& inputs, std::string_view proposal,
                             const std::vector<plan_fault>& faults) {
  return repair_request(planner_request(c, goal, inputs), proposal, faults);
}

model_request repair_request(model_request first, std::string_view proposal,
                             const std::vector<plan_fault>& faults) {
  auto& messages = first.messages;
  messages.resize(std::min(messages.size(), std::size_t{2}));
  auto faults_message = faults_text(faults);
  if (proposal.empty() && !messages.empty()) {
    // Many servers refuse an empty message or two of the same speaker in a row.
    messages.back().content += '\n';
    messages.back().content += faults_message;
    return first;
  }
  std::string repeated;
  append_escaped(repeated, cut_text(proposal, proposal_bytes_max));
  if (proposal.size() > proposal_bytes_max)
    repeated += "\n[cut]";
  messages.push_back({speaker::assistant, std::move(repeated)});
  messages.push_back({speaker::user, std::move(faults_message)});
  return first;
}

} // namespace brigade::core
