// `[limits]`. The defaults are those of core/policy/limits.hpp; a test holds
// them against each other.
#include "brigade/config/detail/sections.hpp"

#include <algorithm>
#include <array>

namespace brigade::config::detail {

namespace {

using enum key_type;

constexpr std::int64_t usd = core::pico_per_usd;

std::uint32_t u32(const value& v) {
  return static_cast<std::uint32_t>(v.number);
}

std::uint64_t u64(const value& v) {
  return static_cast<std::uint64_t>(v.number);
}

constexpr std::array<std::string_view, 2> estimates{"strict", "typical"};
constexpr std::array<std::string_view, 2> in_doubts{"resend", "fail"};
constexpr std::array<std::string_view, 2> approvals{"none", "plan"};
constexpr std::array<std::string_view, 3> policies{"skip", "run_with_gap",
                                                   "abort"};

using spec = key_spec<core::crew>;

const std::array keys{
    spec{{.name = "cost_usd",
          .type = cost,
          .max = 1'000'000 * usd,
          .fallback = "0.50",
          .description =
              "Ceiling of what one run may cost, in dollars. No call "
              "is sent that could exceed it"},
         [](core::crew& c, value&& v) { c.limits.cost = {v.number}; }},
    spec{{.name = "cost_per_day_usd",
          .type = cost,
          .max = 1'000'000 * usd,
          .description = "Ceiling of what all runs of one state directory may "
                         "cost per day (UTC) together, in dollars; unset: "
                         "none"},
         [](core::crew& c, value&& v) {
           c.limits.cost_per_day = core::pico_usd{v.number};
         }},
    spec{{.name = "tokens_max",
          .type = integer,
          .min = 1,
          .max = 1'000'000'000'000,
          .description = "Ceiling of the tokens of one run, input and output, "
                         "nested runs included; unset: none"},
         [](core::crew& c, value&& v) { c.limits.tokens_max = u64(v); }},
    spec{{.name = "calls_max",
          .type = integer,
          .min = 1,
          .max = 1'000'000'000,
          .description = "Ceiling of the tries of all calls of one run, nested "
                         "runs included; unset: none"},
         [](core::crew& c, value&& v) { c.limits.calls_max = u64(v); }},
    spec{{.name = "tasks_total_max",
          .type = integer,
          .min = 1,
          .max = 1'000'000,
          .description = "Ceiling of the subtasks of one run, nested runs "
                         "included; unset: none"},
         [](core::crew& c, value&& v) { c.limits.tasks_total_max = u64(v); }},
    spec{{.name = "estimate",
          .type = choice,
          .choices = estimates,
          .fallback = "\"strict\"",
          .description =
              "What is reserved for a call: its worst case, which makes the "
              "ceiling a guarantee, or what such calls typically need, which "
              "can exceed it by what the report states"},
         [](core::crew& c, value&& v) {
           c.limits.estimate = v.text == "typical"
                                   ? core::estimate_kind::typical
                                   : core::estimate_kind::strict;
         }},
    spec{{.name = "in_doubt",
          .type = choice,
          .choices = in_doubts,
          .fallback = "\"resend\"",
          .description =
              "Calls that were in flight when the process died, which the "
              "provider may have answered and billed: they are charged in "
              "full, and made again, or their subtask fails"},
         [](core::crew& c, value&& v) {
           c.limits.in_doubt = v.text == "fail" ? core::in_doubt_policy::fail
                                                : core::in_doubt_policy::resend;
         }},
    spec{{.name = "warn_at_percent",
          .type = integers,
          .min = 1,
          .max = 100,
          .fallback = "[50, 80]",
          .description = "Shares of a ceiling, in percent, at which a run "
                         "warns"},
         [](core::crew& c, value&& v) {
           c.limits.warn_at_percent.assign(v.numbers.begin(), v.numbers.end());
           auto& shares = c.limits.warn_at_percent;
           std::sort(shares.begin(), shares.end());
           // Nobody wants to be told twice.
           shares.erase(std::unique(shares.begin(), shares.end()),
                        shares.end());
         }},
    spec{{.name = "tasks_max",
          .type = integer,
          .min = 1,
          .max = 1000,
          .fallback = "8",
          .description = "Subtasks of a plan"},
         [](core::crew& c, value&& v) { c.limits.tasks_max = u32(v); }},
    spec{{.name = "depth_max",
          .type = integer,
          .min = 1,
          .max = 100,
          .fallback = "4",
          .description = "Subtasks in the longest chain of dependencies"},
         [](core::crew& c, value&& v) { c.limits.depth_max = u32(v); }},
    spec{{.name = "parallel_max",
          .type = integer,
          .min = 1,
          .max = 1000,
          .fallback = "16",
          .description = "Workers of a run that work at the same time"},
         [](core::crew& c, value&& v) { c.limits.parallel_max = u32(v); }},
    spec{{.name = "nesting_max",
          .type = integer,
          .min = 0,
          .max = 8,
          .fallback = "1",
          .description = "Levels of runs below a run, started by workers that "
                         "are a crew"},
         [](core::crew& c, value&& v) { c.limits.nesting_max = u32(v); }},
    spec{{.name = "attempts_max",
          .type = integer,
          .min = 1,
          .max = 10,
          .fallback = "3",
          .description = "Lives of a subtask's worker: a crash or a timeout "
                         "costs one"},
         [](core::crew& c, value&& v) { c.limits.attempts_max = u32(v); }},
    spec{{.name = "tries_max",
          .type = integer,
          .min = 1,
          .max = 10,
          .fallback = "3",
          .description = "Tries of one call when the provider fails in a way "
                         "that may pass"},
         [](core::crew& c, value&& v) { c.limits.tries_max = u32(v); }},
    spec{
        {.name = "calls_per_task_max",
         .type = integer,
         .min = 1,
         .max = 1000,
         .fallback = "12",
         .description = "Calls of one subtask over all tries, repairs and "
                        "attempts"},
        [](core::crew& c, value&& v) { c.limits.calls_per_task_max = u32(v); }},
    spec{{.name = "restarts_max",
          .type = integer,
          .min = 0,
          .max = 1'000'000,
          .fallback = "32",
          .description = "Restarts of a run's workers within restart_window_s; "
                         "one more quarantines its subtask"},
         [](core::crew& c, value&& v) { c.limits.restarts_max = u32(v); }},
    spec{{.name = "restart_window_s",
          .type = thousandths,
          .min = 1,
          .max = 86'400'000,
          .fallback = "60",
          .description = "The window of restarts_max, in seconds"},
         [](core::crew& c, value&& v) {
           c.limits.restart_window_ms = v.number;
         }},
    spec{{.name = "repairs_max",
          .type = integer,
          .min = 0,
          .max = 10,
          .fallback = "2",
          .description = "Repair prompts after a rejected plan or reply"},
         [](core::crew& c, value&& v) { c.limits.repairs_max = u32(v); }},
    spec{{.name = "attempt_timeout_s",
          .type = thousandths,
          .min = 1,
          .max = 86'400'000,
          .fallback = "60",
          .description = "One attempt of a subtask, and the call of the "
                         "planner and of the synthesizer, in seconds"},
         [](core::crew& c, value&& v) {
           c.limits.attempt_timeout_ms = v.number;
         }},
    spec{{.name = "task_timeout_s",
          .type = thousandths,
          .min = 1,
          .max = 86'400'000,
          .fallback = "180",
          .description = "A subtask over all its attempts and the waits "
                         "between them, in seconds"},
         [](core::crew& c, value&& v) { c.limits.task_timeout_ms = v.number; }},
    spec{{.name = "run_deadline_s",
          .type = thousandths,
          .min = 1,
          .max = 604'800'000,
          .fallback = "300",
          .description = "The whole run, in seconds"},
         [](core::crew& c, value&& v) { c.limits.run_deadline_ms = v.number; }},
    spec{{.name = "approval",
          .type = choice,
          .choices = approvals,
          .fallback = "\"none\"",
          .description =
              "\"plan\": once its plan is valid, a run waits until somebody "
              "approves it; nested runs do not"},
         [](core::crew& c, value&& v) {
           c.approval = v.text == "plan" ? core::approval_kind::plan
                                         : core::approval_kind::none;
         }},
    spec{{.name = "approval_timeout_s",
          .type = thousandths,
          .min = 1,
          .max = 7'776'000'000,
          .fallback = "86400",
          .description = "How long a run waits for approval before it ends, in "
                         "seconds, restarts included; it counts for no other "
                         "limit"},
         [](core::crew& c, value&& v) {
           c.limits.approval_timeout_ms = v.number;
         }},
    spec{{.name = "backoff_base_ms",
          .type = integer,
          .min = 0,
          .max = 60'000,
          .fallback = "500",
          .description = "First wait between tries and between attempts, in "
                         "milliseconds; it doubles each time"},
         [](core::crew& c, value&& v) { c.limits.backoff_base_ms = v.number; }},
    spec{{.name = "backoff_max_ms",
          .type = integer,
          .min = 0,
          .max = 600'000,
          .fallback = "8000",
          .description = "Longest such wait, in milliseconds; not below "
                         "backoff_base_ms"},
         [](core::crew& c, value&& v) { c.limits.backoff_max_ms = v.number; }},
    spec{{.name = "planner_input_bytes_max",
          .type = integer,
          .min = 1024,
          .max = 16'777'216,
          .fallback = "65536",
          .description = "Excerpts of the inputs that the planner sees, in "
                         "bytes"},
         [](core::crew& c, value&& v) {
           c.limits.planner_input_bytes_max = u64(v);
         }},
    spec{{.name = "result_bytes_max",
          .type = integer,
          .min = 256,
          .max = 1'048'576,
          .fallback = "16384",
          .description = "Result of a subtask, in bytes: a longer one is cut, "
                         "visibly. The money kept back for the synthesis is "
                         "reckoned from it"},
         [](core::crew& c, value&& v) { c.limits.result_bytes_max = u64(v); }},
    spec{{.name = "goal_bytes_max",
          .type = integer,
          .min = 1,
          .max = 1'048'576,
          .fallback = "65536",
          .description = "The goal, in bytes"},
         [](core::crew& c, value&& v) { c.limits.goal_bytes_max = u64(v); }},
    spec{{.name = "input_bytes_max",
          .type = integer,
          .min = 1,
          .max = 268'435'456,
          .fallback = "16777216",
          .description = "One input document, in bytes"},
         [](core::crew& c, value&& v) { c.limits.input_bytes_max = u64(v); }},
    spec{{.name = "inputs_max",
          .type = integer,
          .min = 1,
          .max = 1000,
          .fallback = "64",
          .description = "Input documents of a run"},
         [](core::crew& c, value&& v) { c.limits.inputs_max = u32(v); }},
    spec{{.name = "if_dependency_failed",
          .type = choice,
          .choices = policies,
          .fallback = "\"skip\"",
          .description =
              "What happens to a subtask when one that it depends on "
              "failed"},
         [](core::crew& c, value&& v) {
           c.if_dependency_failed = *core::parse_failure_policy(v.text);
         }},
};

} // namespace

std::span<const key_spec<core::crew>> limit_keys() {
  return keys;
}

} // namespace brigade::config::detail
