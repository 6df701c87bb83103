#include "brigade/core/plan/plan_graph.hpp"

#include <algorithm>
#include <limits>

namespace brigade::core {

namespace {

constexpr auto none = std::numeric_limits<std::size_t>::max();

/// Tarjan's strongly connected components with a stack of its own, because
/// the depth of a hostile plan is its number of subtasks.
class component_search {
public:
  explicit component_search(const plan_graph& graph)
      : graph_(graph), component(graph.size(), none),
        order_(graph.size(), none), low_(graph.size(), 0) {
    for (std::size_t node = 0; node < graph.size(); ++node)
      if (order_[node] == none)
        search(node);
  }

private:
  struct frame {
    std::size_t node = 0;
    std::size_t next_edge = 0;
  };

  const plan_graph& graph_;

public:
  /// The component of each subtask.
  std::vector<std::size_t> component;
  std::size_t count = 0;

private:
  void enter(std::size_t node) {
    order_[node] = low_[node] = visited_++;
    open_.push_back(node);
    frames_.push_back({node, 0});
  }

  void search(std::size_t root) {
    enter(root);
    while (!frames_.empty()) {
      auto& top = frames_.back();
      if (top.next_edge < graph_[top.node].size()) {
        const auto target = graph_[top.node][top.next_edge++];
        if (order_[target] == none)
          enter(target);
        else if (component[target] == none)
          low_[top.node] = std::min(low_[top.node], order_[target]);
        continue;
      }
      leave(top.node);
    }
  }

  void leave(std::size_t node) {
    frames_.pop_back();
    if (!frames_.empty()) {
      const auto parent = frames_.back().node;
      low_[parent] = std::min(low_[parent], low_[node]);
    }
    if (low_[node] != order_[node])
      return;
    std::size_t member = none;
    do {
      member = open_.back();
      open_.pop_back();
      component[member] = count;
    } while (member != node);
    ++count;
  }

  std::vector<std::size_t> order_;
  std::vector<std::size_t> low_;
  std::size_t visited_ = 0;
  std::vector<std::size_t> open_;
  std::vector<frame> frames_;
};

/// The shortest way from `start` back to it inside its component. `from` is
/// scratch of the size of the graph, all `none`.
std::vector<std::size_t>
shortest_cycle(const plan_graph& graph,
               const std::vector<std::size_t>& component, std::size_t start,
               std::vector<std::size_t>& from) {
  std::vector<std::size_t> queue{start};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const auto node = queue[head];
    for (auto target : graph[node]) {
      if (target == start) {
        std::vector<std::size_t> cycle;
        for (auto at = node; at != start; at = from[at])
          cycle.push_back(at);
        cycle.push_back(start);
        std::reverse(cycle.begin(), cycle.end());
        return cycle;
      }
      if (component[target] == component[start] && from[target] == none) {
        from[target] = node;
        queue.push_back(target);
      }
    }
  }
  return {};
}

} // namespace

std::vector<std::vector<std::size_t>> find_cycles(const plan_graph& graph) {
  const component_search search{graph};
  std::vector<std::size_t> sizes(search.count, 0);
  for (auto component : search.component)
    ++sizes[component];
  std::vector<std::size_t> from(graph.size(), none);
  std::vector<std::vector<std::size_t>> cycles;
  for (std::size_t node = 0; node < graph.size(); ++node) {
    auto& size = sizes[search.component[node]];
    if (size < 2)
      continue;
    size = 0; // Named once.
    cycles.push_back(shortest_cycle(graph, search.component, node, from));
  }
  return cycles;
}

std::vector<std::uint32_t> find_levels(const plan_graph& graph) {
  std::vector<std::vector<std::size_t>> dependants(graph.size());
  std::vector<std::size_t> open(graph.size());
  std::vector<std::size_t> ready;
  for (std::size_t node = 0; node < graph.size(); ++node) {
    open[node] = graph[node].size();
    if (open[node] == 0)
      ready.push_back(node);
    for (auto target : graph[node])
      dependants[target].push_back(node);
  }
  std::vector<std::uint32_t> levels(graph.size(), 0);
  for (std::size_t head = 0; head < ready.size(); ++head) {
    const auto node = ready[head];
    std::uint32_t level = 1;
    for (auto target : graph[node])
      level = std::max(level, levels[target] + 1);
    levels[node] = level;
    for (auto dependant : dependants[node])
      if (--open[dependant] == 0)
        ready.push_back(dependant);
  }
  return levels;
}

} // namespace brigade::core
