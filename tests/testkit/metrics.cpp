// Simulated runs with faults, crashes and restarts: the metrics add up to what
// the runs' own states say, in one process and over several.
#include "../core/run/metric_numbers.hpp"
#include "simulation.hpp"

#include "brigade/core/run/metrics_fold.hpp"
#include "brigade/core/run/report.hpp"

#include <cmath>

using namespace brigade;
using core::test::metric_numbers;

namespace {

using numbers = std::map<std::string, double>;

/// All runs of one seed, as the journal tells of them.
struct watched_runs {
  struct run_log {
    core::run_id run;
    std::vector<core::event> events;
  };

  std::vector<run_log> logs;
  /// The last of a run: one that has ended and whose log was dropped may be
  /// ordered once more.
  std::map<core::run_id, std::size_t> last;

  /// Sees everything.
  metric_numbers whole;
  std::unique_ptr<core::metrics_fold> fold =
      std::make_unique<core::metrics_fold>(whole);

  /// Begins anew with each process and is told of the past.
  metric_numbers pieces;
  std::unique_ptr<core::metrics_fold> current =
      std::make_unique<core::metrics_fold>(pieces);

  explicit watched_runs(std::uint64_t seed) {
    sim::simulation_options options;
    options.on_event = [this](const core::run_id& run, const core::event& e) {
      if (e.seq == 1) {
        last[run] = logs.size();
        logs.push_back({run, {}});
      }
      logs[last.at(run)].events.push_back(e);
      fold->apply(run, e);
      current->apply(run, e);
    };
    options.on_next_process = [this] {
      for (const auto* gauge :
           {"brigade_workers_busy", "brigade_llm_in_flight"})
        pieces.numbers.erase(gauge);
      current = std::make_unique<core::metrics_fold>(pieces);
      for (const auto& log : logs)
        for (const auto& e : log.events)
          current->recall(log.run, e);
    };
    sim::simulate(seed, options);
  }

  std::vector<core::run_state> states() const {
    std::vector<core::run_state> result;
    for (const auto& log : logs) {
      auto& state = result.emplace_back();
      for (const auto& e : log.events)
        state.apply(e);
    }
    return result;
  }
};

std::string braces(std::initializer_list<std::string_view> labels) {
  std::string result = "{";
  for (auto label : labels)
    result += (result.size() > 1 ? "," : "") + std::string{label};
  return result + "}";
}

void add_calls(numbers& out, const core::run_state& run) {
  for (const auto& call : run.calls) {
    if (!call.nested_run.empty())
      continue;
    out["retries"] += call.try_no > 1 ? 1 : 0;
    if (!call.settled)
      continue;
    const auto role = to_string(call.role);
    const auto outcome = call.in_doubt ? "in_doubt" : to_string(call.code);
    out["brigade_llm_requests_total" + braces({call.model, role, outcome})] +=
        1;
    out["brigade_llm_cost_usd_total" + braces({call.model, role})] +=
        static_cast<double>(call.charged.value)
        / static_cast<double>(core::pico_per_usd);
    out["brigade_llm_tokens_total" + braces({call.model, "input"})] +=
        static_cast<double>(call.tokens.input_tokens);
    out["brigade_llm_tokens_total" + braces({call.model, "output"})] +=
        static_cast<double>(call.tokens.output_tokens);
    if (call.in_doubt)
      out["brigade_llm_in_doubt_total" + braces({call.model, role})] += 1;
  }
}

void add_tasks(numbers& out, const core::run_state& run) {
  const bool ended = run.phase == core::run_phase::finished;
  for (const auto& task : run.tasks) {
    if (is_terminal(task.status) || ended)
      out["brigade_tasks_total" + braces({to_string(task.status)})] += 1;
    if (task.attempts > 0)
      out["brigade_tasks_attempted_total"] += 1;
    if (task.status == core::task_status::failed)
      out["brigade_task_failures_total" + braces({task.error_code})] += 1;
  }
}

void add_run(numbers& out, const core::run_state& run) {
  out["plan_tasks"] += run.plan ? static_cast<double>(run.tasks.size()) : 0;
  // The plan before it counts too, and the state does not know it any more.
  if (run.approval_answer && run.approval_answer->decision == "edited")
    out["edited"] += 1;
  out["plans_rejected"] += run.plans_rejected;
  if (run.phase != core::run_phase::finished) {
    out["open"] += 1;
    return;
  }
  const auto reason = run.reason.empty() ? "none" : run.reason;
  const auto labels = braces({run.crew, to_string(run.status), reason});
  if (!run.parent_run.empty()) {
    out["brigade_nested_runs_total" + labels] += 1;
    return;
  }
  out["brigade_runs_total" + labels] += 1;
  out["brigade_run_cost_usd" + braces({run.crew})] +=
      static_cast<double>(run.spent.value)
      / static_cast<double>(core::pico_per_usd);
  out["critical path"] +=
      static_cast<double>(kpis_of(run).critical_path_ms) / 1000;
  out["duration"] += static_cast<double>(kpis_of(run).wall_ms) / 1000;
}

/// The sum over all series whose names begin so.
double all_of(const metric_numbers& seen, std::string_view prefix) {
  double result = 0;
  for (const auto& [name, series] : seen.numbers)
    if (name.starts_with(prefix))
      result += series.sum;
  return result;
}

bool close_to(double x, double y) {
  return std::abs(x - y) <= 1e-9 * std::max({1.0, std::abs(x), std::abs(y)});
}

void check(const metric_numbers& seen, const core::metrics_fold& fold,
           numbers wanted, const std::string& where) {
  const auto same = [&](const std::string& wanted_name, double is) {
    BOOST_TEST(close_to(wanted[wanted_name], is),
               where << ": " << wanted_name << " is " << is << ", not "
                     << wanted[wanted_name]);
    wanted.erase(wanted_name);
  };
  same("retries", all_of(seen, "brigade_llm_retries_total"));
  if (wanted.extract("edited").empty())
    same("plan_tasks", all_of(seen, "brigade_plan_tasks"));
  else
    BOOST_TEST(all_of(seen, "brigade_plan_tasks")
               > wanted.extract("plan_tasks").mapped());
  same("plans_rejected", all_of(seen, "brigade_plans_rejected_total"));
  same("critical path", all_of(seen, "brigade_run_critical_path_seconds"));
  same("duration", all_of(seen, "brigade_run_duration_seconds"));
  same("open", static_cast<double>(fold.runs()));
  auto rest = wanted;
  for (const auto& [name, value] : rest)
    same(name, seen.sum(name));
  // And nothing of these kinds that no run tells of.
  for (const auto& [name, series] : seen.numbers)
    for (const auto* kind :
         {"brigade_llm_requests_total", "brigade_runs_total",
          "brigade_nested_runs_total", "brigade_tasks_total"})
      if (name.starts_with(kind))
        BOOST_TEST(rest.count(name) == 1u, where << ": " << name);
}

/// What a shutdown ended by force, or a journal did not take, nobody told.
void check_rest(const watched_runs& runs, const metric_numbers& seen,
                core::metrics_fold& fold, const std::string& where) {
  for (const auto& log : runs.logs)
    fold.forget(log.run);
  BOOST_TEST(fold.runs() == 0u, where);
  BOOST_TEST(seen.sum("brigade_workers_busy") == 0, where);
  BOOST_TEST(seen.sum("brigade_llm_in_flight") == 0, where);
}

} // namespace

BOOST_AUTO_TEST_CASE(metrics_add_up_to_what_the_runs_say) {
  std::size_t suspended = 0;
  double tried_again = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const watched_runs runs{seed};
    numbers wanted;
    for (const auto& run : runs.states()) {
      add_run(wanted, run);
      add_tasks(wanted, run);
      add_calls(wanted, run);
      suspended += run.status == core::run_status::suspended ? 1 : 0;
    }
    tried_again += wanted["retries"];
    const auto where = "seed " + std::to_string(seed);
    check(runs.whole, *runs.fold, wanted, where);
    check(runs.pieces, *runs.current, wanted, where + " in pieces");
    check_rest(runs, runs.whole, *runs.fold, where);
    check_rest(runs, runs.pieces, *runs.current, where + " in pieces");
  }
  // The seeds are worth something.
  BOOST_TEST(suspended > 0u);
  BOOST_TEST(tried_again > 0);
}
