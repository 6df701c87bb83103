/// Builds runs event by event, for tests of what is read from them.
#pragma once

#include "brigade/core/run/run_state.hpp"

namespace brigade::test {

/// The subtask with these dependencies.
inline core::subtask planned(std::string id,
                             std::vector<std::string> depends_on = {}) {
  core::subtask result;
  result.id = std::move(id);
  result.worker = "reader";
  result.description = "Read " + result.id + ".";
  for (auto& other : depends_on)
    result.depends_on.push_back({std::move(other), std::nullopt});
  return result;
}

/// A run state and the events that led to it.
struct run_story {
  core::run_state state;
  std::vector<core::event> events;
  std::int64_t now_ms = 0;

  /// Applies a body as the next event, `after_ms` after the last one.
  run_story& then(core::event_body body, std::int64_t after_ms = 0) {
    core::event e;
    e.seq = events.size() + 1;
    e.wall_ms = 1'700'000'000'000 + now_ms;
    e.at_ms = now_ms += after_ms;
    e.body = std::move(body);
    state.apply(e);
    events.push_back(std::move(e));
    return *this;
  }

  run_story& submit() {
    return then(core::events::run_submitted{
        "Compare the teas.", "kitchen", {1'000}, 300'000, {}});
  }

  run_story& accept(std::vector<core::subtask> tasks,
                    std::int64_t after_ms = 0) {
    core::plan plan;
    plan.analysis = "One at a time.";
    plan.tasks = std::move(tasks);
    return then(
        core::events::plan_accepted{
            std::make_shared<const core::plan>(std::move(plan)), {100}},
        after_ms);
  }

  run_story& intend(std::uint64_t id, core::call_role role, std::string task,
                    std::int64_t reserved, std::uint32_t attempt = 1) {
    core::events::call_intended e;
    e.id = core::call_id{id};
    e.role = role;
    e.key.path = task.empty() ? "plan" : "task/" + task;
    e.task = std::move(task);
    e.attempt = attempt;
    e.model = "fast";
    e.reserved = {reserved};
    return then(std::move(e));
  }

  run_story& settle(std::uint64_t id, std::int64_t charged,
                    core::usage tokens = {10, 0, 5}) {
    core::events::call_settled e;
    e.id = core::call_id{id};
    e.charged = {charged};
    e.tokens = tokens;
    e.usage_known = true;
    return then(std::move(e));
  }

  /// One attempt of a subtask that succeeds after `takes_ms`.
  run_story& work(const std::string& id, std::int64_t takes_ms) {
    then(core::events::task_started{id, 1});
    return then(
        core::events::task_succeeded{id, 1, core::shared_text{"Found " + id}},
        takes_ms);
  }
};

} // namespace brigade::test
