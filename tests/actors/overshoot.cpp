// A ceiling that many workers want at the same moment. The first case is the
// one reported against another system, github.com/pydantic/pydantic-ai-harness
// issue 696: a limit of 9 calls and 8 parallel delegations gave 16.
#include "fixture.hpp"

using namespace brigade;
using test::order_for;
using test::small_crew;
using testkit::plan_text;
using testkit::scripted_call;

namespace {

struct tally {
  std::uint64_t calls = 0;
  core::pico_usd billed;
  core::pico_usd ceiling;
  core::run_status status = core::run_status::running;
};

/// `width` subtasks at once; everybody is answered after a second, so that all
/// of them are in flight together.
tally run_wide(std::uint32_t width, std::optional<std::uint64_t> calls_max,
               std::optional<core::pico_usd> ceiling) {
  std::vector<std::string> tasks;
  for (std::uint32_t i = 1; i <= width; ++i)
    tasks.push_back("t" + std::to_string(i) + " a");
  test::world w{[&tasks](const scripted_call& call) {
    auto step = test::healthy(tasks)(call);
    step.delay = std::chrono::seconds{1};
    return step;
  }};
  auto crew = small_crew();
  crew.limits.tasks_max = width;
  crew.limits.parallel_max = width;
  crew.limits.calls_max = calls_max;
  crew.limits.cost = ceiling.value_or(core::pico_usd{100 * core::pico_per_usd});
  crew.limits.result_bytes_max = 256;
  const auto report = w.run(order_for(crew));
  tally result;
  result.calls = w.provider->served().size();
  for (const auto& line : w.provider->served())
    result.billed += {static_cast<std::int64_t>(line.tokens.input_tokens
                                                + line.tokens.output_tokens)
                      * 1'000'000};
  result.ceiling = report.state.ceiling;
  result.status = report.state.status;
  return result;
}

constexpr std::uint32_t widths[] = {1, 2, 4, 8, 16, 64, 250, 1000};

} // namespace

BOOST_AUTO_TEST_CASE(no_width_exceeds_a_limit_of_nine_calls) {
  for (auto width : widths) {
    const auto got = run_wide(width, 9, {});
    BOOST_TEST_MESSAGE("width " << width << ": " << got.calls << " calls, "
                                << to_string(got.status));
    BOOST_TEST(got.calls <= 9u, "width " << width << ": " << got.calls);
    // A plan that cannot fit is refused before a worker is paid.
    BOOST_TEST((got.status
                == (width <= 7 ? core::run_status::succeeded
                               : core::run_status::failed)),
               "width " << width);
  }
}

BOOST_AUTO_TEST_CASE(no_width_exceeds_a_ceiling_on_money) {
  for (auto width : widths) {
    const auto free = run_wide(width, {}, {});
    // Just more than the plan needs at worst, and far less.
    for (int percent : {10, 100}) {
      const core::pico_usd ceiling{free.billed.value * percent / 100 * 8};
      const auto got = run_wide(width, {}, ceiling);
      BOOST_TEST((got.billed <= ceiling),
                 "width " << width << " at " << percent << "%");
    }
  }
}
