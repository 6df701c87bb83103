// A crew of your own through seeds of faults, in virtual time:
//     fault_injection CREW_FILE [SEED]    one seed is told line by line
#include "brigade/config/crew_file.hpp"
#include "brigade/testkit/fault_test.hpp"
#include <iostream>

using namespace brigade;
using namespace std::chrono_literals;

// What the models answer where no fault strikes.
testkit::scripted_step answer(const testkit::scripted_call& call) {
  if (call.role == core::call_role::planner)
    return testkit::reply(
        testkit::plan_text({"market researcher", "rivals researcher",
                            "advice analyst market,rivals"}),
        2s);
  if (call.task == "rivals" && call.number == 1)
    return testkit::fail(core::outcome_code::overloaded);
  return testkit::reply("What was found about " + call.task, 3s);
}

int main(int argc, char** argv) {
  config::load_options keyless;
  keyless.resolve_secrets = false;
  const auto file = config::load_crew_file(argc > 1 ? argv[1] : "", keyless);
  for (const auto& fault : file.faults)
    std::cerr << config::to_string(fault) << "\n";
  if (!file.value)
    return 2;
  testkit::fault_test test;
  test.order.goal = "Which of our markets should we leave, and why?";
  test.order.crew = std::make_shared<const core::crew>(file.value->crew);
  test.answers = answer;
  // A rule of your own.
  test.expect = [](const core::run_report& end) {
    const auto good = end.state.status == core::run_status::succeeded;
    return good && end.state.answer.str().empty() ? "an empty answer" : "";
  };
  if (argc > 2)
    test.trace = [](const std::string& line) { std::cout << line << "\n"; };
  const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : 1;
  const auto failed = testkit::first_failure(test, seed, argc > 2 ? seed : 300);
  std::cout << (failed ? failed->text : "no rule was broken\n");
  return failed ? 1 : 0;
}
