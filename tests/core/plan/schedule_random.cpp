// The schedule against brute force: random graphs, random failures, random
// policies, a virtual clock.
#include "brigade/core/plan/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <random>

namespace core = brigade::core;
using core::failure_policy;
using core::task_end;

namespace {

constexpr unsigned seed = 1'618'033;

struct job {
  core::plan plan;
  std::vector<std::vector<std::size_t>> dependencies;
  std::vector<bool> fails;
  std::vector<std::int64_t> duration_ms;
  core::schedule_rules rules;
};

job random_job(std::mt19937& random, bool failures) {
  job j;
  const auto count = 1 + random() % 12;
  const auto density = 2 + random() % 5;
  for (std::size_t i = 0; i < count; ++i) {
    core::subtask task;
    task.id = "t" + std::to_string(i);
    j.dependencies.emplace_back();
    for (std::size_t k = 0; k < i; ++k)
      if (random() % density == 0) {
        core::dependency edge{"t" + std::to_string(k), std::nullopt};
        if (failures && random() % 3 == 0)
          edge.if_failed = static_cast<failure_policy>(
              random() % (random() % 4 == 0 ? 3 : 2));
        task.depends_on.push_back(edge);
        j.dependencies.back().push_back(k);
      }
    j.plan.tasks.push_back(std::move(task));
    j.fails.push_back(failures && random() % 4 == 0);
    j.duration_ms.push_back(1 + static_cast<std::int64_t>(random() % 50));
  }
  // The order of a plan is not an order of dependence.
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i)
    order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  job shuffled = j;
  for (std::size_t i = 0; i < count; ++i) {
    shuffled.plan.tasks[order[i]] = j.plan.tasks[i];
    shuffled.dependencies[order[i]].clear();
    for (auto k : j.dependencies[i])
      shuffled.dependencies[order[i]].push_back(order[k]);
  }
  shuffled.rules.parallel_max = 1 + static_cast<std::uint32_t>(random() % 5);
  if (failures)
    shuffled.rules.crew_policy =
        static_cast<failure_policy>(random() % (random() % 8 == 0 ? 3 : 2));
  return shuffled;
}

failure_policy policy(const job& j, std::size_t task, std::size_t edge) {
  return j.plan.tasks[task].depends_on[edge].if_failed.value_or(
      j.rules.crew_policy);
}

struct ending {
  std::vector<task_end> ends;
  bool abort = false;
};

/// How a run must end, by repeating the definition until nothing changes.
/// After an abort only `abort` is defined.
ending brute_force(const job& j) {
  const auto n = j.plan.tasks.size();
  ending e{std::vector<task_end>(n, task_end::none), false};
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (e.ends[i] != task_end::none)
        continue;
      bool terminal = true;
      bool skip = false;
      bool stuck = false;
      for (std::size_t k = 0; k < j.dependencies[i].size(); ++k) {
        const auto source = e.ends[j.dependencies[i][k]];
        terminal = terminal && source != task_end::none;
        const bool broken =
            source == task_end::failed || source == task_end::skipped;
        skip = skip || (broken && policy(j, i, k) == failure_policy::skip);
        stuck = stuck || (broken && policy(j, i, k) == failure_policy::abort);
      }
      e.abort = e.abort || stuck;
      if (skip)
        e.ends[i] = task_end::skipped;
      else if (terminal)
        e.ends[i] = j.fails[i] ? task_end::failed : task_end::succeeded;
      changed = changed || e.ends[i] != task_end::none;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const bool broken = e.ends[i] != task_end::succeeded;
    e.abort =
        e.abort || (broken && j.rules.crew_policy == failure_policy::abort);
    // An abort edge counts although its dependant was skipped.
    for (std::size_t k = 0; k < j.dependencies[i].size(); ++k)
      e.abort = e.abort
                || (e.ends[j.dependencies[i][k]] != task_end::succeeded
                    && policy(j, i, k) == failure_policy::abort);
  }
  return e;
}

/// Runs a job on a virtual clock.
struct simulation {
  explicit simulation(const job& j)
      : job_(j), machine(j.plan, j.rules),
        ends(j.plan.tasks.size(), task_end::none),
        started_ms(j.plan.tasks.size(), -1),
        finished_ms(j.plan.tasks.size(), -1) {
    // nop
  }

  void start() {
    for (auto task : machine.start_ready()) {
      BOOST_REQUIRE(started_ms[task] < 0);
      for (std::size_t k = 0; k < job_.dependencies[task].size(); ++k) {
        const auto source = ends[job_.dependencies[task][k]];
        BOOST_REQUIRE(source != task_end::none);
        BOOST_REQUIRE(
            (source == task_end::succeeded
             || policy(job_, task, k) == failure_policy::run_with_gap));
      }
      started_ms[task] = now_ms;
      due_.emplace(now_ms + job_.duration_ms[task], task);
    }
    BOOST_REQUIRE(machine.running() == due_.size());
    BOOST_REQUIRE(due_.size() <= job_.rules.parallel_max);
  }

  void note(const core::schedule_effects& effects) {
    abort = abort || effects.abort;
    for (const auto& skip : effects.skipped) {
      BOOST_REQUIRE((ends[skip.task] == task_end::none));
      BOOST_REQUIRE(started_ms[skip.task] < 0);
      BOOST_REQUIRE(!skip.missing.empty());
      ends[skip.task] = task_end::skipped;
    }
  }

  bool step() {
    if (due_.empty())
      return false;
    const auto [at, task] = *due_.begin();
    due_.erase(due_.begin());
    now_ms = at;
    finished_ms[task] = at;
    ends[task] = job_.fails[task] ? task_end::failed : task_end::succeeded;
    if (job_.fails[task])
      note(machine.failed(task));
    else
      machine.succeeded(task);
    return true;
  }

  void run() {
    start();
    while (step())
      // All that end at one instant, before anything new starts.
      if (due_.empty() || due_.begin()->first > now_ms)
        start();
  }

  const job& job_;
  core::schedule machine;
  std::vector<task_end> ends;
  std::vector<std::int64_t> started_ms;
  std::vector<std::int64_t> finished_ms;
  std::int64_t now_ms = 0;
  bool abort = false;

private:
  std::multimap<std::int64_t, std::size_t> due_;
};

/// The longest chain of durations.
std::int64_t critical_path_ms(const job& j) {
  std::vector<std::int64_t> finish(j.plan.tasks.size(), 0);
  // As many rounds as the longest chain can have subtasks.
  for (std::size_t round = 0; round < finish.size(); ++round)
    for (std::size_t i = 0; i < finish.size(); ++i) {
      std::int64_t start = 0;
      for (auto k : j.dependencies[i])
        start = std::max(start, finish[k]);
      finish[i] = start + j.duration_ms[i];
    }
  return *std::max_element(finish.begin(), finish.end());
}

/// A list scheduler that looks at everything in every millisecond.
std::vector<std::int64_t> reference_starts(const job& j) {
  const auto n = j.plan.tasks.size();
  std::vector<std::int64_t> start(n, -1);
  auto ended = [&](std::size_t i, std::int64_t now) {
    return start[i] >= 0 && start[i] + j.duration_ms[i] <= now;
  };
  std::size_t left = n;
  for (std::int64_t now = 0; left > 0; ++now) {
    std::uint32_t running = 0;
    for (std::size_t i = 0; i < n; ++i)
      running += start[i] >= 0 && !ended(i, now) ? 1 : 0;
    for (std::size_t i = 0; i < n && running < j.rules.parallel_max; ++i) {
      const auto& edges = j.dependencies[i];
      if (start[i] < 0 && std::all_of(edges.begin(), edges.end(), [&](auto k) {
            return ended(k, now);
          })) {
        start[i] = now;
        ++running;
        --left;
      }
    }
  }
  return start;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schedule_random)

BOOST_AUTO_TEST_CASE(every_run_ends_as_brute_force_says) {
  std::mt19937 random(seed);
  int aborts = 0;
  for (int round = 0; round < 5'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    const auto j = random_job(random, true);
    const auto wanted = brute_force(j);
    simulation s(j);
    s.run();
    BOOST_REQUIRE(s.abort == s.machine.aborted());
    if (wanted.abort) {
      ++aborts;
      BOOST_REQUIRE(s.abort);
      continue;
    }
    BOOST_REQUIRE(!s.abort);
    BOOST_REQUIRE(s.machine.all_terminal());
    BOOST_REQUIRE((s.ends == wanted.ends));
  }
  BOOST_TEST(aborts > 100);
  BOOST_TEST(aborts < 4'000);
}

BOOST_AUTO_TEST_CASE(with_enough_slots_the_critical_path_is_the_makespan) {
  std::mt19937 random(seed);
  for (int round = 0; round < 3'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    auto j = random_job(random, false);
    j.rules.parallel_max = static_cast<std::uint32_t>(j.plan.tasks.size());
    simulation s(j);
    s.run();
    BOOST_REQUIRE(s.machine.all_terminal());
    BOOST_REQUIRE(s.now_ms == critical_path_ms(j));
  }
}

BOOST_AUTO_TEST_CASE(with_few_slots_it_starts_as_a_list_scheduler_does) {
  std::mt19937 random(seed);
  for (int round = 0; round < 3'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    const auto j = random_job(random, false);
    simulation s(j);
    s.run();
    BOOST_REQUIRE((s.started_ms == reference_starts(j)));
  }
}

BOOST_AUTO_TEST_CASE(a_slow_subtask_delays_nobody_who_does_not_need_it) {
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    auto j = random_job(random, false);
    const auto n = j.plan.tasks.size();
    j.rules.parallel_max = static_cast<std::uint32_t>(n);
    simulation before(j);
    before.run();
    const auto slow = random() % n;
    j.duration_ms[slow] += 10'000;
    simulation after(j);
    after.run();
    // Whoever starts later now needs the slow one.
    std::vector<bool> needs(n);
    needs[slow] = true;
    for (std::size_t repeat = 0; repeat < n; ++repeat)
      for (std::size_t i = 0; i < n; ++i)
        for (auto k : j.dependencies[i])
          needs[i] = needs[i] || needs[k];
    for (std::size_t i = 0; i < n; ++i)
      if (!needs[i])
        BOOST_REQUIRE(before.started_ms[i] == after.started_ms[i]);
  }
}

BOOST_AUTO_TEST_CASE(a_run_cut_anywhere_is_restored_and_ends_the_same) {
  std::mt19937 random(seed);
  int checked = 0;
  for (int round = 0; round < 3'000; ++round) {
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    const auto j = random_job(random, true);
    const auto wanted = brute_force(j);
    simulation first(j);
    first.start();
    for (auto steps = random() % 8; steps > 0 && first.step(); --steps)
      first.start();
    // The journal may have lost what was skipped, and what was running.
    auto ends = first.ends;
    for (auto& end : ends)
      if (end == task_end::skipped && random() % 2)
        end = task_end::none;
    simulation second(j);
    second.ends = ends;
    second.note(second.machine.restore(ends));
    second.run();
    BOOST_REQUIRE((second.abort || first.abort) == wanted.abort);
    if (wanted.abort)
      continue;
    ++checked;
    BOOST_REQUIRE(second.machine.all_terminal());
    BOOST_REQUIRE((second.ends == wanted.ends));
  }
  BOOST_TEST(checked > 1'000);
}

BOOST_AUTO_TEST_SUITE_END()
