#include "brigade/core/crew/crew.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

constexpr const char* builtin_alias = "extractive";

model_spec builtin_model() {
  model_spec model;
  model.alias = builtin_alias;
  model.provider = "builtin";
  model.name = "extractive";
  model.output_tokens_max = 65'536;
  // Nothing is added to the bytes that it reads.
  model.overhead_tokens = 0;
  // Declared to be free, which is not the same as unknown.
  model.price = price{};
  return model;
}

worker_spec builtin_worker(std::string name, std::string description,
                           std::string prompt) {
  worker_spec worker;
  worker.name = std::move(name);
  worker.model = builtin_alias;
  worker.description = std::move(description);
  worker.prompt = std::move(prompt);
  return worker;
}

} // namespace

const model_spec* find_model(const crew& c, std::string_view alias) {
  auto found =
      std::find_if(c.models.begin(), c.models.end(),
                   [alias](const model_spec& x) { return x.alias == alias; });
  return found == c.models.end() ? nullptr : &*found;
}

const worker_spec* find_worker(const crew& c, std::string_view name) {
  auto found =
      std::find_if(c.workers.begin(), c.workers.end(),
                   [name](const worker_spec& x) { return x.name == name; });
  return found == c.workers.end() ? nullptr : &*found;
}

crew builtin_crew() {
  crew c;
  c.name = "builtin";
  c.limits.tasks_max = 12;
  // It reads whole documents; nothing is paid for by the token.
  c.limits.planner_input_bytes_max = 1'048'576;
  c.limits.result_bytes_max = 65'536;
  c.models.push_back(builtin_model());
  c.planner.model = builtin_alias;
  c.workers.push_back(builtin_worker(
      "extractor",
      "Gathers and quotes the sentences of the given documents "
      "that answer a question, with a citation for each.",
      "Quote the sentences that answer the subtask and cite "
      "each one by document and line. Add nothing of your own."));
  c.workers.push_back(
      builtin_worker("comparer",
                     "Compares the results of other subtasks and names the "
                     "facts in which they conflict.",
                     "Compare the results of the subtasks. Name each conflict "
                     "with the citations of both sides. Add nothing of your "
                     "own."));
  c.synthesizer.kind = synthesizer_kind::llm;
  c.synthesizer.model = builtin_alias;
  // A missing part is no reason to drop a comparison of the other parts.
  c.if_dependency_failed = failure_policy::run_with_gap;
  return c;
}

} // namespace brigade::core
