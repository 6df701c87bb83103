// A run against a scripted provider on one thread, through the headers of the
// installed test kit: twice the same, and at the time that the script says.
#include "brigade/testkit/deterministic.hpp"
#include "brigade/testkit/scripted_provider.hpp"

#include <iostream>

using namespace brigade;
using namespace std::chrono_literals;

namespace {

testkit::scripted_step answer(const testkit::scripted_call& call) {
  if (call.role == core::call_role::planner)
    return testkit::reply(
        testkit::plan_text({"t1 extractor", "t2 extractor t1"}), 100ms);
  return testkit::reply("A result.", 100ms);
}

struct outcome {
  bool succeeded = false;
  std::size_t calls = 0;
  std::uint64_t messages = 0;
  std::int64_t ms = 0;

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome run(std::uint64_t seed) {
  testkit::deterministic_system virtual_system{seed};
  auto provider =
      std::make_shared<testkit::scripted_provider>(virtual_system, answer);
  actors::brigade_options options;
  options.providers["builtin"].provider = provider;
  const auto handle = virtual_system.brigade(std::move(options));
  core::run_order order;
  order.id = core::make_run_id(1, {});
  order.goal = "What do the documents say about costs?";
  order.inputs = std::make_shared<const core::input_set>();
  order.crew = std::make_shared<const core::crew>(core::builtin_crew());
  const auto end = virtual_system.run(handle, order);
  if (!end.report)
    std::cerr << end.error_text << "\n";
  return {end.report && end.report->state.status == core::run_status::succeeded,
          provider->served().size(), virtual_system.messages(),
          virtual_system.elapsed().count()};
}

} // namespace

int main() {
  const auto first = run(7);
  if (!first.succeeded || first.calls != 4 || first.ms != 400) {
    std::cerr << "the run went otherwise: " << first.calls << " calls in "
              << first.ms << " ms\n";
    return 1;
  }
  if (run(7) != first) {
    std::cerr << "the same seed went otherwise\n";
    return 1;
  }
}
