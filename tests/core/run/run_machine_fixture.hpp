// A machine of two workers that got its plan from the user.
#pragma once

#include "brigade/core/run/run_machine.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brigade::test {

inline core::crew two_workers() {
  core::crew c;
  core::model_spec model;
  model.alias = "m";
  model.price = core::price{{{1}, {1}, {}}, {}};
  c.models.push_back(model);
  c.planner.model = "m";
  c.synthesizer.model = "m";
  for (const char* name : {"a", "b"}) {
    core::worker_spec worker;
    worker.name = name;
    worker.model = "m";
    worker.prompt = "You work.";
    worker.description = "works";
    c.workers.push_back(worker);
  }
  return c;
}

inline core::run_machine machine_for(core::crew c, const std::string& plan) {
  core::run_order order;
  order.goal = "Count boats and captains";
  order.crew = std::make_shared<const core::crew>(std::move(c));
  order.plan_text = plan;
  return {std::move(order), [] { return 0.5; }};
}

inline const std::string one_task = R"({"analysis":"x","tasks":[
  {"id":"t1","worker":"a","description":"Count all boats in the harbour today",
   "depends_on":[]}]})";

inline const std::string two_tasks = R"({"analysis":"x","tasks":[
  {"id":"t1","worker":"a","description":"Count all boats in the harbour today",
   "depends_on":[]},
  {"id":"t2","worker":"b","description":"Name every captain with a licence",
   "depends_on":[]}]})";

template <class Effect>
std::vector<Effect> all(const core::run_step& step) {
  std::vector<Effect> found;
  for (const auto& effect : step.effects)
    if (const auto* x = std::get_if<Effect>(&effect))
      found.push_back(*x);
  return found;
}

inline std::vector<std::string> names(const core::run_step& step) {
  std::vector<std::string> result;
  for (const auto& body : step.events)
    result.emplace_back(core::event_name(body));
  return result;
}

using strings = std::vector<std::string>;

} // namespace brigade::test
