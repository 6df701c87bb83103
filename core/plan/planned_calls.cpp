#include "brigade/core/plan/planned_calls.hpp"

#include "brigade/core/model/prompt.hpp"
#include "brigade/core/plan/plan_cost.hpp"
#include "brigade/core/run/worker_machine.hpp"

#include <utility>

namespace brigade::core {

namespace {

/// Tags and attributes around one result in a prompt; the ids are at most 32
/// bytes each.
constexpr std::uint64_t result_block_bytes_max = 256;

planned_call call_of(const crew& c, const model_request& request,
                     std::uint64_t results) {
  planned_call call;
  call.model = find_model(c, request.model);
  for (const auto& m : request.messages)
    call.prompt_bytes += json_bytes(m.content);
  call.results = results;
  call.output_tokens_max = request.output_tokens_max;
  return call;
}

} // namespace

planned_calls calls_of_plan(const crew& c, std::string_view goal, const plan& p,
                            const input_set& inputs) {
  planned_calls all;
  if (c.synthesizer.kind == synthesizer_kind::llm) {
    // As if every subtask had failed: descriptions and ids in full; the
    // results come on top.
    std::vector<task_result> gaps;
    gaps.reserve(p.tasks.size());
    for (const auto& task : p.tasks)
      gaps.push_back({&task, nullptr, "not_started"});
    all.synthesis = call_of(c, synthesizer_request(c, goal, p.analysis, gaps),
                            p.tasks.size());
  }
  all.tasks.reserve(p.tasks.size());
  for (const auto& task : p.tasks) {
    const auto* worker = find_worker(c, task.worker);
    if (worker != nullptr && worker->nested) {
      planned_call nested;
      nested.nested = &worker->nested->limits;
      all.tasks.push_back(nested);
      continue;
    }
    all.tasks.push_back(call_of(c, worker_request(c, goal, task, inputs, {}),
                                task.depends_on.size()));
  }
  return all;
}

std::uint64_t result_bytes_max_of(const crew& c, const planned_call& call) {
  return call.results * (c.limits.result_bytes_max + result_block_bytes_max);
}

allowance worst_case_of(const crew& c, const planned_call& call) {
  if (call.nested != nullptr) {
    const auto& own = *call.nested;
    return {own.cost, own.tokens_max.value_or(1), own.calls_max.value_or(1),
            own.tasks_total_max.value_or(1)};
  }
  if (call.model == nullptr)
    return {};
  const auto& model = *call.model;
  const auto bytes = envelope_bytes_max + model.overhead_tokens
                     + model.name.size() + model.quirks.extra_body.size()
                     + call.prompt_bytes + result_bytes_max_of(c, call);
  const auto output = call.output_tokens_max + model.reasoning_tokens_max;
  return {model.price ? worst_case(*model.price, bytes, output) : pico_usd{0},
          bytes + output, 1, 0};
}

} // namespace brigade::core
