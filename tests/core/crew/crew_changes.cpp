#include "brigade/core/crew/crew_changes.hpp"

#include "brigade/core/crew/crew_json.hpp"
#include "crew_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace brigade::core;

namespace {

using lines = std::vector<std::string>;

crew team() {
  crew c;
  c.name = "team";
  for (const char* alias : {"fast", "slow"}) {
    model_spec model;
    model.alias = alias;
    model.price = price{{{1'000'000}, {2'000'000}, {}}, {}};
    c.models.push_back(model);
  }
  for (const char* name : {"reader", "writer", "judge"}) {
    worker_spec worker;
    worker.name = name;
    worker.model = "fast";
    worker.prompt = std::string(812, 'p');
    c.workers.push_back(worker);
  }
  return c;
}

/// What is said when `change` was done to the crew.
lines after(const std::function<void(crew&)>& change) {
  auto changed = team();
  change(changed);
  return crew_changes(crew_to_json(team()), crew_to_json(changed));
}

void check(const lines& got, const lines& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(crew_changes_between)

BOOST_AUTO_TEST_CASE(equal_crews_do_not_differ) {
  check(after([](crew&) {}), {});
  check(crew_changes(" " + crew_to_json(team()), crew_to_json(team())), {});
}

BOOST_AUTO_TEST_CASE(short_values_are_shown) {
  check(after([](crew& c) { c.limits.cost = {pico_per_usd}; }),
        {"/limits/cost_usd: 0.5 -> 1"});
  check(after([](crew& c) { c.approval = approval_kind::plan; }),
        {"/approval: \"none\" -> plan"});
  check(after([](crew& c) { c.limits.tokens_max = 9; }),
        {"/limits/tokens_max: none -> 9"});
  check(after([](crew& c) { c.limits.warn_at_percent = {}; }),
        {"/limits/warn_at_percent: [50,80] -> []"});
  check(after([](crew& c) { c.planner.direct_answer = true; }),
        {"/planner/direct_answer: false -> true"});
  check(after([](crew& c) { c.planner.prompt = "be \"brief\"\n"; }),
        {R"(/planner/prompt: "" -> "be \"brief\"\n")"});
  check(after([](crew& c) { c.models[1].price->base.output = {5}; }),
        {"/models/1/price/per_token_usd/output: 0.000002 -> 0.000000000005"});
}

BOOST_AUTO_TEST_CASE(of_long_values_only_the_lengths_are_shown) {
  check(after([](crew& c) { c.workers[0].prompt += std::string(18, 'q'); }),
        {"/workers/0/prompt: changed (812 -> 830 bytes)"});
  check(after([](crew& c) { c.workers[0].prompt[3] = 'q'; }),
        {"/workers/0/prompt: changed (812 bytes)"});
  check(after([](crew& c) { c.workers[0].prompt = "Read."; }),
        {"/workers/0/prompt: changed (812 -> 5 bytes)"});
  // 60 bytes fit, with their quotes.
  check(after([](crew& c) { c.planner.prompt = std::string(58, ' '); }),
        {"/planner/prompt: \"\" -> \"" + std::string(58, ' ') + "\""});
  check(after([](crew& c) { c.planner.prompt = std::string(59, ' '); }),
        {"/planner/prompt: changed (0 -> 59 bytes)"});
}

BOOST_AUTO_TEST_CASE(what_was_inserted_or_removed_shifts_nothing_else) {
  check(after([](crew& c) {
          worker_spec worker;
          worker.name = "pricer";
          c.workers.insert(c.workers.begin(), worker);
          c.workers[1].model = "slow";
        }),
        {"/workers/0: added (pricer)", "/workers/1/model: fast -> slow"});
  check(after([](crew& c) {
          c.workers.erase(c.workers.begin());
          c.workers[1].model = "slow";
        }),
        {"/workers/0: removed (reader)", "/workers/1/model: fast -> slow"});
  check(after([](crew& c) { c.models[0].alias = "quick"; }),
        {"/models/0: removed (fast)", "/models/0: added (quick)"});
}

BOOST_AUTO_TEST_CASE(another_order_is_said_once) {
  check(after([](crew& c) { std::swap(c.workers[0], c.workers[2]); }),
        {"/workers: in another order"});
}

BOOST_AUTO_TEST_CASE(nested_crews_are_compared_inside) {
  auto before = team();
  before.workers[1].nested = std::make_shared<const crew>(team());
  auto inner = team();
  inner.limits.tasks_max = 9;
  auto changed = before;
  changed.workers[1].nested = std::make_shared<const crew>(inner);
  check(crew_changes(crew_to_json(before), crew_to_json(changed)),
        {"/workers/1/crew/limits/tasks_max: 8 -> 9"});
}

BOOST_AUTO_TEST_CASE(names_with_strange_bytes_make_no_further_lines) {
  check(after([](crew& c) { c.workers[0].name = "a\n/models/0: added"; }),
        {"/workers/0: removed (reader)",
         "/workers/0: added (\"a?/models/0: added\")"});
}

BOOST_AUTO_TEST_CASE(random_crews_differ_somewhere_in_lines_without_ends) {
  const std::uint64_t seed = 77;
  brigade::test::crew_sampler sampler{seed};
  auto last = crew_to_json(sampler.next());
  for (int round = 0; round < 500; ++round) {
    const auto next = crew_to_json(sampler.next());
    const auto said = crew_changes(last, next);
    BOOST_TEST_REQUIRE(!said.empty(), "seed " << seed);
    BOOST_TEST_REQUIRE(said.size() <= crew_changes_max + 1);
    for (const auto& line : said)
      BOOST_TEST_REQUIRE(line.find('\n') == std::string::npos, line);
    last = next;
  }
}

BOOST_AUTO_TEST_CASE(too_many_differences_are_counted) {
  const auto said = after([](crew& c) {
    for (std::size_t i = 0; i < crew_changes_max + 5; ++i)
      c.workers.emplace_back().name = "w" + std::to_string(i);
  });
  BOOST_TEST(said.size() == crew_changes_max + 1);
  BOOST_TEST(said.back() == "and 5 more differences");
}

BOOST_AUTO_TEST_CASE(what_is_no_crew_is_said_to_be_none) {
  check(crew_changes("{", crew_to_json(team())),
        {"the crew before cannot be read"});
  check(crew_changes(crew_to_json(team()), "x"),
        {"the crew now cannot be read"});
}

BOOST_AUTO_TEST_SUITE_END()
