#include "brigade/core/run/metrics.hpp"

#include <array>

namespace brigade::core {

namespace {

using names = std::span<const std::string_view>;
using enum metric_kind;

constexpr std::array<std::string_view, 1> crew{"crew"};
constexpr std::array<std::string_view, 1> reason{"reason"};
constexpr std::array<std::string_view, 1> code{"code"};
constexpr std::array<std::string_view, 1> status{"status"};
constexpr std::array<std::string_view, 1> decision{"decision"};
constexpr std::array<std::string_view, 1> ceiling{"ceiling"};
constexpr std::array<std::string_view, 1> model{"model"};
constexpr std::array<std::string_view, 2> crew_status{"crew", "status"};
constexpr std::array<std::string_view, 2> model_role{"model", "role"};
constexpr std::array<std::string_view, 2> model_reason{"model", "reason"};
constexpr std::array<std::string_view, 2> model_direction{"model", "direction"};
constexpr std::array<std::string_view, 2> kind_outcome{"kind", "outcome"};
constexpr std::array<std::string_view, 3> crew_status_reason{"crew", "status",
                                                             "reason"};
constexpr std::array<std::string_view, 3> model_role_outcome{"model", "role",
                                                             "outcome"};

constexpr std::array work_seconds{0.1, 0.5,  1.0,  2.5,  5.0,   10.0, 30.0,
                                  60., 120., 300., 600., 1800., 3600.};
constexpr std::array call_seconds{0.05, 0.1,  0.25, 0.5,  1.0,   2.5,  5.0,
                                  10.0, 20.0, 40.0, 60.0, 120.0, 300.0};
constexpr std::array wait_seconds{0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 300.0};
constexpr std::array fan_out{1.0,  2.0,  3.0,  4.0,  6.0,   8.0,   12.0,
                             16.0, 24.0, 32.0, 64.0, 128.0, 256.0, 1000.0};
constexpr std::array dollars{0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25,
                             0.5,    1.0,   2.5,   5.0,  10.0, 50.0};

using enum metric;

constexpr std::array infos{
    metric_info{runs_submitted,
                counter,
                "brigade_runs_submitted_total",
                "Runs accepted; nested runs are not counted",
                crew,
                {}},
    metric_info{runs_finished,
                counter,
                "brigade_runs_total",
                "Runs ended, by status and reason: the completion rate is the "
                "share of succeeded and partial",
                crew_status_reason,
                {}},
    metric_info{runs_suspended,
                counter,
                "brigade_runs_suspended_total",
                "Runs that were suspended",
                reason,
                {}},
    metric_info{runs_resumed,
                counter,
                "brigade_runs_resumed_total",
                "Runs that went on",
                reason,
                {}},
    metric_info{nested_runs_finished,
                counter,
                "brigade_nested_runs_total",
                "Runs inside runs that ended",
                crew_status_reason,
                {}},
    metric_info{run_duration, histogram, "brigade_run_duration_seconds",
                "Runs from submission to end, time suspended not counted",
                crew_status, work_seconds},
    metric_info{run_critical_path, histogram,
                "brigade_run_critical_path_seconds",
                "Planning, the longest chain of dependent subtasks and the "
                "synthesis: how long a run must take",
                crew, work_seconds},
    metric_info{run_cost, histogram, "brigade_run_cost_usd",
                "What a run cost, nested runs included", crew, dollars},
    metric_info{plan_tasks, histogram, "brigade_plan_tasks",
                "Subtasks of an accepted plan (fan-out)", crew, fan_out},
    metric_info{plans_rejected,
                counter,
                "brigade_plans_rejected_total",
                "Proposed plans that were rejected, by the code of their first "
                "fault",
                reason,
                {}},
    metric_info{approvals_requested,
                counter,
                "brigade_approvals_requested_total",
                "Plans that waited for approval",
                {},
                {}},
    metric_info{approvals_given,
                counter,
                "brigade_approvals_total",
                "Plans that were decided on",
                decision,
                {}},
    metric_info{tasks_attempted,
                counter,
                "brigade_tasks_attempted_total",
                "Subtasks that had a worker: the error rate is "
                "brigade_tasks_total of status failed by this",
                {},
                {}},
    metric_info{tasks_ended,
                counter,
                "brigade_tasks_total",
                "Subtasks ended; not_started: their run ended before them",
                status,
                {}},
    metric_info{task_failures,
                counter,
                "brigade_task_failures_total",
                "Subtasks that failed, by code",
                code,
                {}},
    metric_info{task_retries,
                counter,
                "brigade_task_retries_total",
                "Attempts of subtasks that ended in another one",
                code,
                {}},
    metric_info{task_duration, histogram, "brigade_task_duration_seconds",
                "Subtasks from first start to end, waits between attempts "
                "included",
                status, work_seconds},
    metric_info{workers_busy,
                gauge,
                "brigade_workers_busy",
                "Workers that work on subtasks",
                {},
                {}},
    metric_info{syntheses,
                counter,
                "brigade_syntheses_total",
                "Syntheses that ended",
                kind_outcome,
                {}},
    metric_info{calls,
                counter,
                "brigade_llm_requests_total",
                "Tries of calls that ended",
                model_role_outcome,
                {}},
    metric_info{call_duration, histogram,
                "brigade_llm_request_duration_seconds",
                "Tries of calls from their intent to their outcome", model_role,
                call_seconds},
    metric_info{call_tokens,
                counter,
                "brigade_llm_tokens_total",
                "Tokens as providers reported them; cached_input is a part of "
                "input",
                model_direction,
                {}},
    metric_info{call_cost,
                counter,
                "brigade_llm_cost_usd_total",
                "What calls were charged with",
                model_role,
                {}},
    metric_info{call_retries,
                counter,
                "brigade_llm_retries_total",
                "Further tries of calls, by the outcome of the try before",
                model_reason,
                {}},
    metric_info{call_wait, histogram, "brigade_llm_budget_wait_seconds",
                "How long calls waited for money, tokens or calls to come back",
                model_role, wait_seconds},
    metric_info{calls_in_doubt,
                counter,
                "brigade_llm_in_doubt_total",
                "Tries whose outcome nobody will know; charged in full",
                model_role,
                {}},
    metric_info{calls_in_flight,
                gauge,
                "brigade_llm_in_flight",
                "Tries of calls without an outcome yet",
                {},
                {}},
    metric_info{budget_warnings,
                counter,
                "brigade_budget_warnings_total",
                "Runs that reached a set share of a ceiling",
                ceiling,
                {}},
    metric_info{budget_breaches,
                counter,
                "brigade_budget_breaches_total",
                "Bills above their reservation",
                model,
                {}},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < infos.size(); ++i)
    if (static_cast<std::size_t>(infos[i].id) != i)
      return false;
  return true;
}

static_assert(in_order());

} // namespace

std::span<const metric_info> metric_infos() {
  return infos;
}

} // namespace brigade::core
