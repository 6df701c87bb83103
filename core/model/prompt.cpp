// The prompts of workers and synthesizer. The planner's: prompt_planner.cpp.

#include "brigade/core/model/prompt.hpp"

#include "brigade/core/model/prompt_blocks.hpp"
#include "brigade/core/model/prompt_parts.hpp"
#include "brigade/core/model/prompt_text.hpp"
#include "brigade/core/run/worker_machine.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

/// What a number and its bar add to a line of a document.
constexpr std::size_t line_prefix_bytes = 8;

/// A range with its document, resolved once.
struct document_part {
  const input* document;
  std::uint32_t first;
  std::uint32_t last;

  std::size_t bytes() const {
    return block_bytes + document->name().size()
           + document->lines(first, last).size()
           + (last - first + 1) * line_prefix_bytes;
  }
};

/// The parts that exist; a valid plan names no others.
std::vector<document_part> parts_of(const input_set& inputs,
                                    const std::vector<input_range>& ranges) {
  std::vector<document_part> result;
  result.reserve(ranges.size());
  for (const auto& range : ranges) {
    const auto* document = find_input(inputs, range.id);
    if (!document)
      continue;
    const auto lines = document->line_count();
    const auto first = std::max(range.first, std::uint32_t{1});
    const auto last = range.first == 0 ? lines : std::min(range.last, lines);
    if (first <= last)
      result.push_back({document, first, last});
  }
  return result;
}

/// Appends a `result` block. The synthesis share is reckoned with
/// `result_bytes_max` bytes of JSON for each result; one that only its escapes
/// make longer is cut, so that the share suffices whatever it holds (rule M6).
void append_result(std::string& out, block_attribute_views attributes,
                   std::string_view text, std::uint64_t result_bytes_max) {
  open_block(out, "result", attributes);
  const auto begin = out.size();
  // A backslash takes two bytes in JSON.
  const std::uint64_t escape_bytes = 2 * append_escaped(out, text);
  if (escape_bytes > 0 && json_bytes(text) + escape_bytes > result_bytes_max) {
    out.resize(begin);
    append_escaped(
        out, cut_visibly(text, result_bytes_max
                                   - std::min(result_bytes_max, escape_bytes)));
  }
  if (!text.empty())
    out += '\n';
  close_block(out, "result");
}

void append_optional(std::string& out, std::string_view tag,
                     std::string_view content) {
  if (!content.empty())
    append_block(out, tag, {}, content);
}

std::size_t bytes_of(const shared_text* result) {
  return block_bytes + (result ? result->view().size() : 0);
}

std::string worker_user_text(const crew& c, const subtask& task,
                             const input_set& inputs,
                             const std::vector<dependency_result>& results) {
  const auto parts = parts_of(inputs, task.inputs);
  auto size = task.description.size() + task.context.size()
              + task.expected_output.size() + 3 * block_bytes;
  for (const auto& part : parts)
    size += part.bytes();
  for (const auto& result : results)
    size += bytes_of(result.result);
  std::string text;
  text.reserve(size);
  append_block(text, "subtask", {{"id", task.id}, {"worker", task.worker}},
               task.description);
  append_optional(text, "context", task.context);
  append_optional(text, "expected_output", task.expected_output);
  for (const auto& part : parts)
    append_document(text, *part.document, part.first, part.last);
  for (const auto& result : results)
    if (result.result)
      append_result(text, {{"task", result.task}, {"worker", result.worker}},
                    result.result->view(), c.limits.result_bytes_max);
    else
      append_block(text, "missing",
                   {{"task", result.task}, {"worker", result.worker}}, {});
  text += prompt_text::work_now;
  return text;
}

std::string synthesizer_user_text(const crew& c, std::string_view goal,
                                  std::string_view analysis,
                                  const std::vector<task_result>& results) {
  auto size = goal.size() + analysis.size() + 3 * block_bytes;
  for (const auto& result : results)
    size += bytes_of(result.result) + result.task->description.size();
  std::string text;
  text.reserve(size);
  append_block(text, "goal", {}, goal);
  append_optional(text, "analysis", analysis);
  for (const auto& [task, result, status] : results)
    if (result)
      append_result(text,
                    {{"task", task->id},
                     {"worker", task->worker},
                     {"description", task->description}},
                    result->view(), c.limits.result_bytes_max);
    else
      append_block(text, "gap",
                   {{"task", task->id},
                    {"worker", task->worker},
                    {"description", task->description},
                    {"status", status}},
                   {});
  text += prompt_text::synthesize_now;
  return text;
}

} // namespace

model_request worker_request(const crew& c, std::string_view goal,
                             const subtask& task, const input_set& inputs,
                             const std::vector<dependency_result>& results) {
  static const worker_spec unknown;
  const auto* found = find_worker(c, task.worker);
  const auto& worker = found ? *found : unknown;
  std::string system;
  system.reserve(worker.prompt.size() + 1 + prompt_text::worker.size());
  append_template(
      system, worker.prompt,
      {{"goal", goal}, {"task", task.description}, {"worker", task.worker}});
  system += prompt_text::worker;
  return request_of(c, call_role::worker, worker.model, std::move(system),
                    worker_user_text(c, task, inputs, results));
}

model_request worker_repair_request(const model_request& first,
                                    std::string_view reason) {
  auto result = first;
  if (result.messages.empty())
    result.messages.emplace_back();
  // In the same message: many servers refuse two of the same speaker in a row.
  auto& text = result.messages.back().content;
  text += prompt_text::work_again;
  append_block(text, "rejection", {}, reason);
  text += prompt_text::work_again_end;
  return result;
}

model_request synthesizer_request(const crew& c, std::string_view goal,
                                  std::string_view analysis,
                                  const std::vector<task_result>& results) {
  std::string system;
  system.reserve(prompt_text::synthesizer.size() + c.synthesizer.prompt.size()
                 + 1 + prompt_text::synthesizer_rules.size());
  system += prompt_text::synthesizer;
  append_template(system, c.synthesizer.prompt, {{"goal", goal}});
  system += prompt_text::synthesizer_rules;
  return request_of(c, call_role::synthesizer, c.synthesizer.model,
                    std::move(system),
                    synthesizer_user_text(c, goal, analysis, results));
}

} // namespace brigade::core
