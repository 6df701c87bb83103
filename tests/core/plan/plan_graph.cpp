#include "brigade/core/plan/plan_graph.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

namespace core = brigade::core;

namespace {

using cycles = std::vector<std::vector<std::size_t>>;

/// Whether each subtask can reach each other, by brute force.
std::vector<std::vector<bool>> reachability(const core::plan_graph& graph) {
  const auto n = graph.size();
  std::vector<std::vector<bool>> reach(n, std::vector<bool>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (auto j : graph[i])
      reach[i][j] = true;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (reach[i][k] && reach[k][j])
          reach[i][j] = true;
  return reach;
}

bool is_cycle(const core::plan_graph& graph,
              const std::vector<std::size_t>& cycle) {
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const auto& edges = graph[cycle[i]];
    if (std::find(edges.begin(), edges.end(), cycle[(i + 1) % cycle.size()])
        == edges.end())
      return false;
  }
  return cycle.size() >= 2;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_graph)

BOOST_AUTO_TEST_CASE(each_cycle_is_named_once_from_its_first_subtask) {
  BOOST_TEST((core::find_cycles({{1}, {2}, {0}}) == cycles{{0, 1, 2}}));
  BOOST_TEST(
      (core::find_cycles({{1}, {0}, {3}, {2}}) == cycles{{0, 1}, {2, 3}}));
  BOOST_TEST((core::find_cycles({{1, 2}, {}, {1}}) == cycles{}));
  BOOST_TEST((core::find_cycles({}) == cycles{}));
  // The shorter one of two cycles through subtask 0.
  BOOST_TEST((core::find_cycles({{1, 2}, {2}, {0}}) == cycles{{0, 2}}));
}

BOOST_AUTO_TEST_CASE(levels_count_the_longest_chain) {
  using levels = std::vector<std::uint32_t>;
  BOOST_TEST((core::find_levels({{}, {0}, {0, 1}}) == levels{1, 2, 3}));
  BOOST_TEST((core::find_levels({{1}, {0}, {0}, {}}) == levels{0, 0, 0, 1}));
}

BOOST_AUTO_TEST_CASE(a_long_chain_needs_no_recursion) {
  core::plan_graph graph(100'000);
  for (std::size_t i = 0; i + 1 < graph.size(); ++i)
    graph[i].push_back(i + 1);
  BOOST_TEST(core::find_cycles(graph).empty());
  BOOST_TEST(core::find_levels(graph)[0] == graph.size());
  graph.back().push_back(0);
  BOOST_TEST(core::find_cycles(graph).at(0).size() == graph.size());
}

BOOST_AUTO_TEST_CASE(random_graphs_agree_with_brute_force) {
  const unsigned seed = 4711;
  std::mt19937 random(seed);
  for (int round = 0; round < 3'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    const std::size_t n = 1 + random() % 9;
    core::plan_graph graph(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (i != j && random() % n == 0)
          graph[i].push_back(j);
    const auto reach = reachability(graph);
    std::vector<bool> covered(n);
    for (const auto& cycle : core::find_cycles(graph)) {
      BOOST_REQUIRE(is_cycle(graph, cycle));
      BOOST_REQUIRE(!covered[cycle[0]]);
      for (std::size_t i = 0; i < n; ++i)
        if (i == cycle[0] || (reach[i][cycle[0]] && reach[cycle[0]][i])) {
          BOOST_REQUIRE(i >= cycle[0]);
          covered[i] = true;
        }
    }
    const auto levels = core::find_levels(graph);
    for (std::size_t i = 0; i < n; ++i) {
      BOOST_REQUIRE(covered[i] == reach[i][i]);
      bool blocked = reach[i][i];
      for (std::size_t j = 0; j < n; ++j)
        blocked = blocked || (reach[i][j] && reach[j][j]);
      BOOST_REQUIRE((levels[i] == 0) == blocked);
      for (auto j : graph[i])
        BOOST_REQUIRE((blocked || levels[i] > levels[j]));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
