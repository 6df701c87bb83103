#include "brigade/core/run/nested.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

std::uint32_t nesting_left(const run_order& order) {
  const auto own = order.crew->limits.nesting_max;
  return order.nesting_left ? std::min(own, *order.nesting_left) : own;
}

run_order nested_order(const run_order& above, const crew_ptr& crew,
                       const subtask& task,
                       const std::vector<dependency_result>& results) {
  run_order nested;
  nested.crew = crew;
  nested.goal = task.description;
  if (!task.context.empty())
    nested.goal += "\n\n" + task.context;
  if (!task.expected_output.empty())
    nested.goal += "\n\nExpected output: " + task.expected_output;
  auto inputs = std::make_shared<input_set>();
  const auto add = [&inputs](std::string name, std::string text) {
    inputs->emplace_back("doc" + std::to_string(inputs->size() + 1),
                         std::move(name), std::move(text));
  };
  for (const auto& range : task.inputs)
    if (const auto* document = find_input(*above.inputs, range.id))
      add(range.first == 0
              ? document->name()
              : document->name() + ":" + std::to_string(range.first) + "-"
                    + std::to_string(range.last),
          range.first == 0
              ? document->text()
              : std::string{document->lines(range.first, range.last)});
  for (const auto& result : results)
    if (result.result != nullptr)
      add("result of " + std::string{result.task}, result.result->str());
  nested.inputs = std::move(inputs);
  nested.nesting = above.nesting + 1;
  nested.nesting_left = nesting_left(above) - 1;
  nested.client = above.client;
  nested.parent_run = above.id.text;
  nested.parent_task = task.id;
  return nested;
}

std::optional<run_order> nested_order_again(const run_order& above,
                                            const run_state& state,
                                            const call_state& call) {
  const auto place = state.plan ? find_task(*state.plan, call.task)
                                : std::optional<std::size_t>{};
  if (!place)
    return std::nullopt;
  const auto& task = state.plan->tasks[*place];
  const auto* worker = find_worker(*above.crew, task.worker);
  if (worker == nullptr || !worker->nested || nesting_left(above) == 0)
    return std::nullopt;
  std::vector<dependency_result> results;
  for (const auto& edge : task.depends_on) {
    const auto source = find_task(*state.plan, edge.task);
    const auto& ended = state.tasks[*source];
    results.push_back(
        {edge.task, state.plan->tasks[*source].worker,
         ended.status == task_status::succeeded ? &ended.result : nullptr});
  }
  auto nested = nested_order(above, worker->nested, task, results);
  nested.id = run_id{call.nested_run};
  nested.slice = allowance{call.reserved, call.reserved_tokens,
                           call.reserved_calls, call.reserved_tasks};
  return nested;
}

std::string nested_body(const run_order& nested) {
  auto body = nested.crew->name + "\n" + nested.goal;
  for (const auto& document : *nested.inputs) {
    // With its size, so that no two lists of documents look the same.
    body += "\n" + document.name() + " "
            + std::to_string(document.text().size()) + "\n";
    body += document.text();
  }
  return body;
}

} // namespace brigade::core
