// What each event counts as, and what is kept of a run. Whole simulated runs:
// tests/testkit/metrics.cpp.
#include "metric_numbers.hpp"

#include "brigade/core/run/metrics_fold.hpp"

#include <set>

using namespace brigade::core;
using test::metric_numbers;

namespace {

const run_id a{"01J0000000000000000000000A"};
const run_id b{"01J0000000000000000000000B"};

/// One process with its numbers.
struct process {
  metric_numbers numbers;
  metrics_fold fold{numbers};
  std::uint64_t seq = 0;

  void tell(const run_id& run, std::int64_t at_ms, event_body body) {
    fold.apply(run, {++seq, 0, at_ms, std::move(body)});
  }

  double sum(const std::string& key) const { return numbers.sum(key); }
};

events::run_submitted submitted(std::string crew = "c") {
  events::run_submitted e;
  e.goal = "g";
  e.crew = std::move(crew);
  return e;
}

events::plan_accepted accepted(const std::vector<std::string>& tasks) {
  auto made = std::make_shared<plan>();
  for (const auto& id : tasks) {
    auto& task = made->tasks.emplace_back();
    task.id = id;
  }
  return {made, {}, 0};
}

events::call_intended intended(std::uint64_t id, std::uint32_t try_no = 1) {
  events::call_intended e;
  e.id = call_id{id};
  e.key.path = "task/t";
  e.try_no = try_no;
  e.model = "m";
  return e;
}

events::call_settled settled(std::uint64_t id, outcome_code code,
                             std::int64_t pico = 0) {
  events::call_settled e;
  e.id = call_id{id};
  e.code = code;
  e.charged = {pico};
  return e;
}

events::run_finished finished(run_status status, std::string reason = "") {
  events::run_finished e;
  e.status = status;
  e.reason = std::move(reason);
  return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_names_of_metrics_follow_the_conventions) {
  std::set<std::string_view> names;
  for (const auto& info : metric_infos()) {
    BOOST_TEST(names.insert(info.name).second, info.name);
    BOOST_TEST(info.name.starts_with("brigade_"));
    BOOST_TEST(info.name.ends_with("_total")
                   == (info.kind == metric_kind::counter),
               info.name);
    BOOST_TEST(info.buckets.empty() == (info.kind != metric_kind::histogram));
    BOOST_TEST(std::is_sorted(info.buckets.begin(), info.buckets.end()));
    BOOST_TEST(!info.help.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_run_is_counted_once_at_its_end_and_then_forgotten) {
  process p;
  p.tell(a, 0, submitted());
  p.tell(a, 10, accepted({"t", "u"}));
  p.tell(a, 20, events::task_started{"t", 1});
  BOOST_TEST(p.sum("brigade_workers_busy") == 1);
  p.tell(a, 1'520, events::task_succeeded{"t", 1, {}});
  p.tell(a, 2'000, finished(run_status::failed, "deadline"));
  BOOST_TEST(p.sum("brigade_runs_submitted_total{c}") == 1);
  BOOST_TEST(p.sum("brigade_runs_total{c,failed,deadline}") == 1);
  BOOST_TEST(p.sum("brigade_run_duration_seconds{c,failed}") == 2);
  BOOST_TEST(p.numbers.count("brigade_run_cost_usd{c}") == 1);
  BOOST_TEST(p.sum("brigade_plan_tasks{c}") == 2);
  BOOST_TEST(p.sum("brigade_tasks_attempted_total") == 1);
  BOOST_TEST(p.sum("brigade_tasks_total{succeeded}") == 1);
  BOOST_TEST(p.sum("brigade_tasks_total{not_started}") == 1);
  BOOST_TEST(p.sum("brigade_task_duration_seconds{succeeded}") == 1.5);
  BOOST_TEST(p.sum("brigade_workers_busy") == 0);
  BOOST_TEST(p.fold.runs() == 0u);
}

BOOST_AUTO_TEST_CASE(an_event_that_came_before_counts_nothing) {
  process p;
  const event e{1, 0, 0, submitted()};
  p.fold.apply(a, e);
  p.fold.apply(a, e);
  BOOST_TEST(p.sum("brigade_runs_submitted_total{c}") == 1);
}

BOOST_AUTO_TEST_CASE(a_retry_is_counted_by_what_failed_before) {
  process p;
  p.tell(a, 0, submitted());
  p.tell(a, 0, intended(1));
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 1);
  p.tell(a, 250, settled(1, outcome_code::rate_limited));
  p.tell(a, 300, intended(2, 2));
  p.tell(a, 400, settled(2, outcome_code::ok, pico_per_usd / 4));
  BOOST_TEST(p.sum("brigade_llm_requests_total{m,worker,rate_limited}") == 1);
  BOOST_TEST(p.sum("brigade_llm_requests_total{m,worker,ok}") == 1);
  BOOST_TEST(p.sum("brigade_llm_retries_total{m,rate_limited}") == 1);
  BOOST_TEST(p.sum("brigade_llm_request_duration_seconds{m,worker}") == 0.35);
  BOOST_TEST(p.sum("brigade_llm_cost_usd_total{m,worker}") == 0.25);
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 0);
  // The outcome of a call is told once.
  p.tell(a, 500, settled(2, outcome_code::ok, pico_per_usd));
  BOOST_TEST(p.sum("brigade_llm_cost_usd_total{m,worker}") == 0.25);
}

BOOST_AUTO_TEST_CASE(unknown_usage_is_no_tokens) {
  process p;
  p.tell(a, 0, submitted());
  auto known = settled(1, outcome_code::ok);
  known.tokens = {10, 4, 3};
  known.usage_known = true;
  auto unknown = settled(2, outcome_code::ok);
  unknown.tokens = {100, 0, 100};
  p.tell(a, 0, intended(1));
  p.tell(a, 0, known);
  p.tell(a, 0, intended(2));
  p.tell(a, 0, unknown);
  BOOST_TEST(p.sum("brigade_llm_tokens_total{m,input}") == 10);
  BOOST_TEST(p.sum("brigade_llm_tokens_total{m,cached_input}") == 4);
  BOOST_TEST(p.sum("brigade_llm_tokens_total{m,output}") == 3);
}

BOOST_AUTO_TEST_CASE(what_a_nested_run_buys_counts_once) {
  process p;
  p.tell(a, 0, submitted("outer"));
  auto call = intended(1);
  call.nested_run = b.text;
  p.tell(a, 0, call);
  auto inner = submitted("inner");
  inner.parent_run = a.text;
  p.tell(b, 0, inner);
  p.tell(b, 0, intended(1));
  p.tell(b, 0, settled(1, outcome_code::ok, pico_per_usd));
  p.tell(b, 0, finished(run_status::succeeded));
  p.tell(a, 0, settled(1, outcome_code::ok, pico_per_usd));
  p.tell(a, 0, finished(run_status::succeeded));
  BOOST_TEST(p.sum("brigade_llm_cost_usd_total{m,worker}") == 1);
  BOOST_TEST(p.sum("brigade_llm_requests_total{m,worker,ok}") == 1);
  BOOST_TEST(p.sum("brigade_run_cost_usd{outer}") == 1);
  BOOST_TEST(p.sum("brigade_runs_total{outer,succeeded,none}") == 1);
  BOOST_TEST(p.sum("brigade_nested_runs_total{inner,succeeded,none}") == 1);
  BOOST_TEST(p.numbers.count("brigade_runs_submitted_total{inner}") == 0u);
  BOOST_TEST(p.numbers.count("brigade_run_cost_usd{inner}") == 0u);
}

BOOST_AUTO_TEST_CASE(a_suspended_run_is_at_rest_and_its_times_are_kept) {
  process p;
  p.tell(a, 0, submitted());
  p.tell(a, 1'000, accepted({"t"}));
  p.tell(a, 1'000, events::task_started{"t", 1});
  p.tell(a, 1'000, intended(1));
  p.tell(a, 2'000, events::run_suspended{"interrupt"});
  BOOST_TEST(p.sum("brigade_workers_busy") == 0);
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 0);
  p.tell(a, 2'000, events::call_in_doubt{call_id{1}, {pico_per_usd}, "", 0});
  events::run_resumed resumed;
  resumed.reason = "user";
  p.tell(a, 2'000, resumed);
  p.tell(a, 2'000, events::task_started{"t", 2});
  p.tell(a, 4'000, events::task_succeeded{"t", 2, {}});
  p.tell(a, 4'500, finished(run_status::succeeded));
  BOOST_TEST(p.sum("brigade_runs_suspended_total{interrupt}") == 1);
  BOOST_TEST(p.sum("brigade_runs_resumed_total{user}") == 1);
  BOOST_TEST(p.sum("brigade_llm_in_doubt_total{m,worker}") == 1);
  BOOST_TEST(p.sum("brigade_llm_requests_total{m,worker,in_doubt}") == 1);
  BOOST_TEST(p.sum("brigade_tasks_attempted_total") == 1);
  BOOST_TEST(p.sum("brigade_run_cost_usd{c}") == 1);
  // One second to the plan, three for the subtask.
  BOOST_TEST(p.sum("brigade_run_critical_path_seconds{c}") == 4);
  BOOST_TEST(p.sum("brigade_workers_busy") == 0);
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 0);
  BOOST_TEST(p.fold.runs() == 0u);
}

BOOST_AUTO_TEST_CASE(the_past_is_understood_and_not_counted) {
  process p;
  std::uint64_t seq = 0;
  const auto past = [&](std::int64_t at_ms, event_body body) {
    p.fold.recall(a, {++seq, 0, at_ms, std::move(body)});
  };
  past(0, submitted());
  past(0, accepted({"t"}));
  past(0, events::task_started{"t", 1});
  past(0, intended(1));
  BOOST_TEST(p.numbers.numbers.empty());
  p.seq = seq;
  p.tell(a, 100, events::call_in_doubt{call_id{1}, {pico_per_usd}, "", 0});
  p.tell(a, 100, events::run_resumed{});
  p.tell(a, 100, events::task_started{"t", 2});
  p.tell(a, 900, events::task_succeeded{"t", 2, {}});
  p.tell(a, 1'000, finished(run_status::succeeded));
  BOOST_TEST(p.sum("brigade_llm_requests_total{m,worker,in_doubt}") == 1);
  BOOST_TEST(p.sum("brigade_tasks_attempted_total") == 0);
  BOOST_TEST(p.sum("brigade_tasks_total{succeeded}") == 1);
  BOOST_TEST(p.sum("brigade_run_cost_usd{c}") == 1);
  BOOST_TEST(p.sum("brigade_workers_busy") == 0);
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 0);
}

BOOST_AUTO_TEST_CASE(a_run_without_a_known_past_is_still_counted) {
  process p;
  p.tell(a, 100, events::call_in_doubt{call_id{1}, {pico_per_usd}, "", 0});
  p.tell(a, 100, events::run_resumed{});
  p.tell(a, 200, events::task_succeeded{"t", 3, {}});
  p.tell(a, 1'000, finished(run_status::partial, "task_failed"));
  BOOST_TEST(p.sum("brigade_llm_requests_total{unknown,unknown,in_doubt}")
             == 1);
  BOOST_TEST(p.sum("brigade_tasks_total{succeeded}") == 1);
  BOOST_TEST(p.sum("brigade_runs_total{unknown,partial,task_failed}") == 1);
  // What it cost before and how long it had to take is not known.
  BOOST_TEST(p.numbers.count("brigade_run_cost_usd{unknown}") == 0u);
  BOOST_TEST(p.numbers.count("brigade_run_critical_path_seconds{unknown}")
             == 0u);
  BOOST_TEST(p.fold.runs() == 0u);
}

BOOST_AUTO_TEST_CASE(an_edited_plan_takes_the_place_of_the_first) {
  process p;
  p.tell(a, 0, submitted());
  p.tell(a, 10, accepted({"t", "u", "v"}));
  p.tell(a, 10, events::approval_requested{});
  p.tell(a, 10, events::approval_given{"edited", "", ""});
  p.tell(a, 10, accepted({"t"}));
  p.tell(a, 10, events::approval_requested{});
  p.tell(a, 10, events::approval_given{"rejected", "", ""});
  p.tell(a, 10, finished(run_status::cancelled, "approval_rejected"));
  BOOST_TEST(p.sum("brigade_approvals_requested_total") == 2);
  BOOST_TEST(p.sum("brigade_approvals_total{edited}") == 1);
  BOOST_TEST(p.sum("brigade_approvals_total{rejected}") == 1);
  BOOST_TEST(p.sum("brigade_plan_tasks{c}") == 4);
  BOOST_TEST(p.sum("brigade_tasks_total{not_started}") == 1);
}

BOOST_AUTO_TEST_CASE(runs_that_stand_still_for_long_do_not_pile_up) {
  process p;
  for (std::size_t i = 0; i < suspended_metrics_max + 10; ++i) {
    const run_id run{"run" + std::to_string(i)};
    p.tell(run, 0, submitted());
    p.tell(run, 0, events::run_suspended{"shutdown"});
  }
  BOOST_TEST(p.fold.runs() == suspended_metrics_max);
  p.tell(a, 0, submitted());
  p.tell(a, 0, intended(1));
  p.fold.forget(a);
  p.fold.forget(a);
  BOOST_TEST(p.sum("brigade_llm_in_flight") == 0);
  BOOST_TEST(p.fold.runs() == suspended_metrics_max);
}
