/// Runs to look back at: each is a list of events, as a journal would have it.
#pragma once

#include "brigade/app/stored_run.hpp"

#include "sample_run.hpp"

#include <string>
#include <utility>
#include <vector>

namespace samples {

namespace events = brigade::core::events;
using brigade::core::call_role;
using brigade::core::outcome_code;
using brigade::core::run_status;
using brigade::core::shared_text;

inline constexpr std::int64_t wall_ms = 1'793'536'205'000;

/// The run as the archive would give it.
inline brigade::app::stored_run stored(const sample_run& run,
                                       std::string owner = {}) {
  brigade::core::summary_fold fold{{"01JB2K8XQ2M4N6P8R0S2T4V6W8"}};
  brigade::app::stored_run out;
  for (auto e : run.log) {
    e.wall_ms = wall_ms + e.at_ms;
    fold.apply(e);
    out.history.apply(e);
  }
  out.listed.summary = fold.summary();
  out.listed.owner = std::move(owner);
  return out;
}

/// A call with a request as it is sent.
inline sample_run& bought(sample_run& run, std::uint64_t id, std::string task,
                          std::string asked, std::string reply,
                          std::int64_t took_ms) {
  events::call_intended sent;
  sent.id = brigade::core::call_id{id};
  sent.key.path = task.empty() ? "plan" : "task/" + task;
  sent.role = task.empty() ? call_role::planner : call_role::worker;
  sent.task = std::move(task);
  sent.model = "fast";
  sent.reserved = {3'000'000'000};
  sent.worst_case = sent.reserved;
  sent.reserved_tokens = 4'000;
  sent.request = shared_text{
      R"({"model":"gpt-5.4-mini","messages":[{"role":"system","content":)"
      R"("Answer from the documents only."},{"role":"user","content":")"
      + asked + R"("}],"max_tokens":800})"};
  run.add(std::move(sent)).at(run.now_ms + took_ms);
  events::call_settled got;
  got.id = brigade::core::call_id{id};
  got.charged = {1'200'000'000};
  got.tokens = {1234, 0, 456};
  got.usage_known = true;
  got.reply = shared_text{std::move(reply)};
  got.http_status = 200;
  got.request_id = "req_" + std::to_string(id);
  return run.add(std::move(got));
}

inline brigade::core::subtask planned(std::string id, std::string worker,
                                      std::string description,
                                      std::vector<std::string> after = {}) {
  brigade::core::subtask task;
  task.id = std::move(id);
  task.worker = std::move(worker);
  task.description = std::move(description);
  for (auto& other : after) {
    task.depends_on.push_back({std::move(other), std::nullopt});
  }
  return task;
}

/// Submitted, planned by a call, and accepted: t1, t2, t3 (t1, t2), t4 (t3),
/// t5 (t2).
inline sample_run planned_run(std::string goal) {
  sample_run run;
  run.submitted(std::move(goal)).at(20);
  bought(run, 1, "", "Plan this.", R"({"tasks":[]})", 800).at(900);
  auto p = std::make_shared<brigade::core::plan>();
  p->tasks = {
      planned("t1", "extractor", "List the prices in the three offers"),
      planned("t2", "extractor", "List the delivery dates in the offers"),
      planned("t3", "writer", "Compare prices and dates of the offers",
              {"t1", "t2"}),
      planned("t4", "writer", "Recommend one offer and say why", {"t3"}),
      planned("t5", "checker", "Check that each date lies in the future",
              {"t2"})};
  return run.add(events::plan_accepted{std::move(p), {}});
}

/// t3 hangs, is retried and fails; t4 is skipped.
inline sample_run failed_run() {
  auto run = planned_run("Compare the three offers and recommend one");
  run.at(910).started("t1").started("t2");
  bought(run, 2, "t1", "List the prices", "A: 10, B: 12", 1'500);
  run.at(2'500).succeeded("t1");
  bought(run, 3, "t2", "List the dates", "A: May", 700);
  run.at(3'300).succeeded("t2").started("t3").started("t5");
  bought(run, 4, "t5", "Check the dates", "All do", 600);
  run.at(4'000).succeeded("t5").call(5, "t3", "strong").at(8'300);
  run.settled(5, outcome_code::timed_out, "no complete answer within 5.0s");
  run.add(events::task_retried{"t3", 1, 1'000, "attempt_timeout",
                               "no answer within 5.0s"});
  run.at(9'300).started("t3", 2).call(6, "t3", "strong").at(14'300);
  run.settled(6, outcome_code::timed_out, "no complete answer within 5.0s");
  run.failed("t3", "timed_out",
             "the model strong gave no complete answer within 5.0s", 2);
  run.add(events::task_skipped{"t4", {"t3"}}).at(14'350);
  return run.finished(run_status::failed, "task_failed", "",
                      "t3 failed and nothing can be said without it");
}

/// As the failed one, with an answer.
inline sample_run partial_run() {
  auto run = planned_run("Compare the three offers, gaps and all");
  run.at(910).started("t1").started("t2").at(2'500).succeeded("t1");
  run.at(3'300).succeeded("t2").started("t3").started("t5").at(4'000);
  run.failed("t3", "empty_reply", "the model answered nothing").succeeded("t5");
  run.add(events::task_skipped{"t4", {"t3"}}).at(4'100);
  run.add(events::synthesis_started{"merge", 3, 2}).at(4'200);
  return run.finished(run_status::partial, "task_failed", "Prices and dates.");
}

inline sample_run suspended_run() {
  auto run = planned_run("Compare the three offers slowly");
  run.at(910).started("t1").started("t2").at(2'500).succeeded("t1");
  run.call(2, "t2", "fast").at(3'000);
  return run.add(events::run_suspended{"interrupt"});
}

/// Its plan waits for approval.
inline sample_run waiting_run() {
  auto run = planned_run("Compare the three offers, but ask first");
  run.at(910).add(events::approval_requested{86'400'000,
                                             {1'000'000},
                                             {2'000'000'000},
                                             {30'000'000'000},
                                             {"t1", "t3"}});
  return run.add(events::run_suspended{"approval"});
}

/// A second life that is at work, or vanished.
inline sample_run resumed_run() {
  auto run = suspended_run();
  events::call_in_doubt lost;
  lost.id = brigade::core::call_id{2};
  lost.charged = {3'000'000'000};
  lost.message = "the process ended while it was in flight";
  run.add(std::move(lost));
  events::run_resumed again;
  again.reason = "user";
  again.ceiling = {brigade::core::pico_per_usd};
  run.add(std::move(again)).at(3'100).started("t2", 2).at(3'400);
  return run.call(3, "t2", "fast");
}

inline sample_run rejected_run() {
  sample_run run;
  run.submitted("Do everything at once").at(20);
  bought(run, 1, "", "Plan this.", R"({"tasks":[{"id":"t1"}]})", 900);
  run.add(events::plan_proposed{0, shared_text{"{}"}});
  run.add(events::plan_rejected{
      0,
      {{"unknown_worker", "/tasks/0/worker", "There is no worker 'chef'."},
       {"cyclic_dependency", "/tasks/1/depends_on",
        "t1 and t2 wait for each "
        "other."}}});
  return run.at(1'000).finished(run_status::failed, "plan_rejected", "",
                                "no plan was accepted");
}

/// What models wrote tries to leave its place.
inline sample_run hostile_run() {
  sample_run run;
  run.submitted("<script>alert('goal')</script> \x1b[2J & \"quoted\"").at(20);
  bought(run, 1, "", "</pre><script>alert(1)</script>",
         "</details><img src=x onerror=alert(2)>\x1b]0;x\x07", 800);
  auto p = std::make_shared<brigade::core::plan>();
  p->tasks = {
      planned("t1", "\"><script>", "<b onmouseover='alert(3)'>\x1b[31m"),
      planned("t2", "writer", "]]><!--", {"t1"})};
  run.add(events::plan_accepted{std::move(p), {}}).started("t1").at(1'000);
  return run.failed("t1", "crashed", "<iframe src='http://x/'>\x1b[0m");
}

} // namespace samples
