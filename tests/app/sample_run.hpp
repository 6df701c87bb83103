/// Runs for the tests of the progress and of messages: a crew, a plan and
/// events, folded by core itself.
#pragma once

#include "brigade/core/crew/crew.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/report.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// A run that is fed one event at a time.
struct sample_run {
  brigade::core::run_state state;
  std::vector<brigade::core::event> log;
  std::int64_t now_ms = 0;

  template <class Body>
  sample_run& add(Body body) {
    brigade::core::event e;
    e.seq = log.size() + 1;
    e.at_ms = now_ms;
    e.body = std::move(body);
    state.apply(e);
    log.push_back(std::move(e));
    return *this;
  }

  sample_run& at(std::int64_t ms) {
    now_ms = ms;
    return *this;
  }

  sample_run& submitted(std::string goal = "Compare the three offers") {
    brigade::core::events::run_submitted e;
    e.goal = std::move(goal);
    e.crew = "sample";
    e.ceiling = {brigade::core::pico_per_usd / 2};
    e.deadline_ms = 300'000;
    return add(std::move(e));
  }

  /// `t1` ... `tN`; each `chain`-th subtask and its followers depend on the
  /// one before, so that depth is `chain`.
  sample_run& planned(std::size_t tasks, std::size_t chain = 1) {
    auto p = std::make_shared<brigade::core::plan>();
    for (std::size_t i = 0; i < tasks; ++i) {
      brigade::core::subtask task;
      task.id = "t" + std::to_string(i + 1);
      task.worker = i % 2 == 0 ? "extractor" : "writer";
      task.description = "Describe the part number " + std::to_string(i + 1)
                         + " of the documents in short sentences";
      if (i % chain != 0) {
        task.depends_on.push_back({"t" + std::to_string(i), std::nullopt});
      }
      p->tasks.push_back(std::move(task));
    }
    return add(brigade::core::events::plan_accepted{std::move(p), {}});
  }

  sample_run& started(std::string task, std::uint32_t attempt = 1) {
    return add(brigade::core::events::task_started{std::move(task), attempt});
  }

  sample_run& succeeded(std::string task, std::uint32_t attempt = 1) {
    return add(brigade::core::events::task_succeeded{
        std::move(task), attempt, brigade::core::shared_text{"result"}});
  }

  sample_run& failed(std::string task, std::string code, std::string message,
                     std::uint32_t attempt = 1) {
    return add(brigade::core::events::task_failed{
        std::move(task), attempt, std::move(code), std::move(message)});
  }

  sample_run&
  call(std::uint64_t id, std::string task, std::string model,
       brigade::core::call_role role = brigade::core::call_role::worker) {
    brigade::core::events::call_intended e;
    e.id = brigade::core::call_id{id};
    e.key.path = task.empty() ? "plan" : "task/" + task;
    e.role = role;
    e.task = std::move(task);
    e.model = std::move(model);
    e.reserved = {3'000'000'000};
    return add(std::move(e));
  }

  sample_run&
  settled(std::uint64_t id,
          brigade::core::outcome_code code = brigade::core::outcome_code::ok,
          std::string message = {}) {
    brigade::core::events::call_settled e;
    e.id = brigade::core::call_id{id};
    e.code = code;
    e.message = std::move(message);
    if (code == brigade::core::outcome_code::ok) {
      e.charged = {1'200'000'000};
      e.tokens = {1234, 0, 456};
      e.usage_known = true;
    }
    return add(std::move(e));
  }

  sample_run& finished(brigade::core::run_status status, std::string reason,
                       std::string answer = {}, std::string message = {}) {
    brigade::core::events::run_finished e;
    e.status = status;
    e.reason = std::move(reason);
    e.message = std::move(message);
    e.answer = brigade::core::shared_text{std::move(answer)};
    return add(std::move(e));
  }

  brigade::core::run_report report() const {
    return {{"01J0000000000000000000TEST"}, state, {}};
  }
};
