#include "scenario.hpp"

#include "crews.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace brigade::sim {

namespace {

using std::chrono::milliseconds;
using testkit::seeded;

/// Of 32 seeds so many have more than one run.
constexpr std::uint64_t crowded_of_32 = 4;
constexpr std::uint64_t runs_max_at_once = 4;
constexpr std::int64_t submit_ms_max = 30'000;

core::run_id id_of(std::uint64_t seed, std::uint64_t number) {
  std::array<std::uint8_t, 10> random{};
  for (std::size_t i = 0; i < 8; ++i)
    random[i] = static_cast<std::uint8_t>(seed >> (8 * i));
  random[8] = static_cast<std::uint8_t>(number);
  return core::make_run_id(1'700'000'000'000, random);
}

core::input_set_ptr documents(seeded& draws) {
  auto inputs = std::make_shared<core::input_set>();
  const auto count = draws.one_in(4) ? 1 + draws.below(2) : 0;
  for (std::uint64_t i = 1; i <= count; ++i) {
    std::string text;
    for (std::uint64_t line = draws.below(12); line-- > 0;)
      text += "Line with a figure of " + std::to_string(draws.below(1000))
              + " in it.\n";
    const auto number = std::to_string(i);
    inputs->emplace_back("doc" + number, "notes" + number + ".md",
                         std::move(text));
  }
  return inputs;
}

/// The crew with that approval, and all crews nested in it.
core::crew_ptr asking(const core::crew& c) {
  auto made = c;
  made.approval = core::approval_kind::plan;
  for (auto& worker : made.workers)
    if (worker.nested)
      worker.nested = asking(*worker.nested);
  return std::make_shared<const core::crew>(std::move(made));
}

/// In some seeds somebody must approve the plans, because the order says so or
/// the crew does.
void want_approval(std::uint64_t seed, scenario& made) {
  constexpr std::uint64_t seeds_per_approval = 6;
  seeded draws{seed ^ 0x617070726f7665ULL};
  if (!draws.one_in(seeds_per_approval))
    return;
  for (auto& planned : made.orders) {
    if (draws.one_in(4))
      continue;
    if (draws.one_in(2))
      planned.order.approve_plan = true;
    else
      planned.order.crew = asking(*planned.order.crew);
  }
}

/// Room for some of the runs at once, or for one and a half.
core::allowance process_ceiling(const std::vector<planned_order>& orders,
                                seeded& draws) {
  if (draws.one_in(2))
    return core::allowance::max();
  auto room = core::allowance::max();
  core::pico_usd largest;
  for (const auto& planned : orders)
    largest = std::max(largest, core::ceiling_of(planned.order).cost);
  const auto percent = draws.between(50, 250);
  room.cost = {largest.value / 100 * percent};
  if (draws.one_in(4))
    room.calls = 20 + draws.below(100);
  return room;
}

} // namespace

scenario make_scenario(std::uint64_t seed, const scenario_options& options) {
  seeded draws{seed ^ 0x7363656e65ULL};
  scenario made;
  made.more = seeded{seed ^ 0x6d6f7265ULL};
  made.mortal = testkit::fault_plan{seed}.is_on(testkit::fault::process_death);
  const bool crowded = draws.below(32) < crowded_of_32;
  const auto count = crowded ? 2 + draws.below(runs_max_at_once - 1) : 1;
  core::crew_ptr crew;
  for (std::uint64_t i = 0; i < count; ++i) {
    planned_order planned;
    // Sometimes the same crew again.
    if (!crew || draws.one_in(2))
      crew = make_crew(made, draws, options.tasks);
    planned.order.id = id_of(seed, i);
    planned.order.goal = "Compare the figures of several markets";
    planned.order.inputs = documents(draws);
    planned.order.crew = crew;
    if (draws.one_in(16))
      planned.order.ceiling = core::pico_usd{crew->limits.cost.value / 100
                                             * draws.between(20, 120)};
    planned.order.plan_only = draws.one_in(64);
    if (i > 0 && draws.one_in(2))
      planned.at = milliseconds{draws.between(0, submit_ms_max)};
    made.orders.push_back(std::move(planned));
  }
  want_approval(seed, made);
  if (crowded || draws.one_in(16))
    made.process_ceiling = process_ceiling(made.orders, draws);
  if (draws.one_in(8)) {
    made.runs_max = static_cast<std::uint32_t>(1 + draws.below(3));
    made.queue_max = static_cast<std::uint32_t>(1 + draws.below(4));
  }
  if (draws.one_in(4)) {
    made.gateway.concurrency_max =
        static_cast<std::uint32_t>(1 + draws.below(4));
    if (draws.one_in(4))
      made.gateway.queue_max = static_cast<std::uint32_t>(draws.below(4));
  }
  return made;
}

} // namespace brigade::sim
