// A crew of two workers on a scripted provider, and orders for it.
#pragma once

#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/scripted_provider.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace brigade::test {

/// Workers `a` and `b`, everything on model `m` of provider `p`, a dollar a
/// million tokens.
inline core::crew small_crew() {
  core::crew crew;
  crew.name = "small";
  core::model_spec model;
  model.alias = "m";
  model.provider = "p";
  model.name = "scripted";
  model.output_tokens_max = 100;
  model.price = core::price{{{1'000'000}, {1'000'000}, {}}, {}};
  crew.models.push_back(model);
  crew.planner.model = "m";
  for (const char* name : {"a", "b"}) {
    core::worker_spec worker;
    worker.name = name;
    worker.model = "m";
    worker.description = "Collects figures";
    worker.prompt = "You collect figures.";
    crew.workers.push_back(worker);
  }
  crew.synthesizer.model = "m";
  crew.synthesizer.prompt = "Merge the results.";
  return crew;
}

inline core::run_order order_for(core::crew crew, std::uint8_t number = 1) {
  core::run_order order;
  order.id = core::make_run_id(1'700'000'000'000, {number});
  order.goal = "Compare the figures of several markets";
  order.crew = std::make_shared<const core::crew>(std::move(crew));
  return order;
}

/// One virtual system with one provider.
struct world {
  explicit world(testkit::script steps, std::optional<std::uint64_t> seed = {})
      : virtual_system(seed),
        provider(std::make_shared<testkit::scripted_provider>(
            virtual_system, std::move(steps))) {
    actors::brigade_options options;
    options.providers["p"] = {provider, {}};
    options.seed = 7;
    handle = virtual_system.brigade(std::move(options));
    idle = virtual_system.running();
  }

  core::run_report run(core::run_order order) {
    auto ended = virtual_system.run(handle, std::move(order));
    BOOST_REQUIRE_MESSAGE(ended.report, "no report: " << ended.error_text);
    // Every actor of the run is gone (rule H1).
    BOOST_TEST(virtual_system.running() == idle);
    BOOST_TEST(provider->open() == 0u);
    return std::move(*ended.report);
  }

  testkit::deterministic_system virtual_system;
  std::shared_ptr<testkit::scripted_provider> provider;
  actors::brigade_actor handle;
  std::size_t idle = 0;
};

/// A script that plans `tasks` and answers everybody else with their role.
inline testkit::script healthy(std::vector<std::string> tasks) {
  return [tasks = std::move(tasks)](const testkit::scripted_call& call) {
    if (call.role == core::call_role::planner)
      return testkit::reply(testkit::plan_text(tasks));
    if (call.role == core::call_role::synthesizer)
      return testkit::reply("The merged answer.");
    return testkit::reply("Result of " + call.task + ".");
  };
}

} // namespace brigade::test
