#include "brigade/core/run/replay.hpp"

#include "brigade/core/crew/crew_json.hpp"

#include <algorithm>
#include <utility>

namespace brigade::core {

namespace {

/// The crew with times that do not matter, and without people.
crew without_waits(crew c) {
  auto& bounds = c.limits;
  c.approval = approval_kind::none;
  bounds.attempt_timeout_ms = replay_time_max_ms;
  bounds.task_timeout_ms = replay_time_max_ms;
  bounds.run_deadline_ms = replay_time_max_ms;
  bounds.backoff_base_ms = 1;
  bounds.backoff_max_ms = 1;
  for (auto& worker : c.workers) {
    worker.attempt_timeout_ms.reset();
    if (worker.nested)
      worker.nested =
          std::make_shared<const crew>(without_waits(*worker.nested));
  }
  return c;
}

void add_models(std::vector<model_spec>& out, const crew& c) {
  for (const auto& model : c.models)
    if (std::none_of(out.begin(), out.end(), [&model](const auto& x) {
          return x.alias == model.alias && x.provider == model.provider;
        }))
      out.push_back(model);
  for (const auto& worker : c.workers)
    if (worker.nested)
      add_models(out, *worker.nested);
}

std::vector<model_spec> all_models(const crew& c) {
  std::vector<model_spec> all;
  add_models(all, c);
  return all;
}

std::string told(const run_state& state) {
  std::string text{to_string(state.status)};
  if (!state.reason.empty())
    text += " (" + state.reason + ")";
  return text;
}

std::string difference(std::string_view what, std::string_view recorded,
                       std::string_view replayed) {
  const auto end = std::mismatch(recorded.begin(), recorded.end(),
                                 replayed.begin(), replayed.end());
  return std::string{what} + ": differs from byte "
         + std::to_string(end.first - recorded.begin()) + " on (recorded "
         + std::to_string(recorded.size()) + " bytes, now "
         + std::to_string(replayed.size()) + ")";
}

/// The last text that was proposed: what somebody gave instead of the plan.
std::optional<std::string> edited_plan(const run_export& run) {
  std::optional<std::string> text;
  for (const auto& e : run.events)
    if (const auto* proposed = std::get_if<events::plan_proposed>(&e.body))
      text = proposed->text.str();
  return text;
}

bool same_plan(const run_state& a, const run_state& b) {
  return a.plan && b.plan ? *a.plan == *b.plan : !a.plan && !b.plan;
}

} // namespace

std::variant<replay, replay_refused> prepare_replay(const run_export& run) {
  if (run.events.empty()
      || !std::holds_alternative<events::run_submitted>(
          run.events.front().body))
    return "the run's first event is missing";
  replay result;
  for (const auto& e : run.events)
    result.recorded.apply(e);
  const auto& recorded = result.recorded;
  if (recorded.phase != run_phase::finished)
    return "the run had not ended when it was exported: there is no outcome "
           "to compare with";
  const auto& answer = recorded.approval_answer;
  if (answer
      && (answer->decision == "rejected" || answer->decision == "expired"))
    return "the run ended because its plan was not approved: there is nothing "
           "to repeat";
  if (run.source.crew.empty())
    return "the file does not hold the crew of the run";
  auto made_by = crew_from_json(run.source.crew);
  if (!made_by)
    return "the crew of the run cannot be read";
  // A run can go on with other ceilings than its crew's.
  made_by->limits.tokens_max = recorded.tokens_max;
  made_by->limits.calls_max = recorded.calls_max;
  auto& order = result.order;
  order.id = run.id;
  order.goal = recorded.goal;
  order.inputs = run.source.inputs ? run.source.inputs
                                   : std::make_shared<const input_set>();
  order.crew = std::make_shared<const crew>(without_waits(std::move(*made_by)));
  order.ceiling = recorded.ceiling;
  order.plan_text = answer && answer->decision == "edited"
                        ? edited_plan(run)
                        : run.source.plan_text;
  order.plan_only = run.source.plan_only;
  result.script = script_of(run);
  return result;
}

std::vector<std::string> replay_differences(const run_state& recorded,
                                            const run_state& replayed) {
  std::vector<std::string> lines;
  if (recorded.status != replayed.status || recorded.reason != replayed.reason)
    lines.push_back("status: recorded " + told(recorded) + ", now "
                    + told(replayed));
  if (!same_plan(recorded, replayed))
    lines.emplace_back("plan: another one");
  if (recorded.answer != replayed.answer)
    lines.push_back(
        difference("answer", recorded.answer.view(), replayed.answer.view()));
  return lines;
}

std::vector<model_spec> models_of(const crew& c, std::string_view provider) {
  auto models = all_models(c);
  std::erase_if(models, [provider](const model_spec& model) {
    return model.provider != provider;
  });
  return models;
}

std::vector<std::string> providers_of(const crew& c) {
  std::vector<std::string> names;
  for (const auto& model : all_models(c))
    if (std::find(names.begin(), names.end(), model.provider) == names.end())
      names.push_back(model.provider);
  return names;
}

} // namespace brigade::core
