#include "brigade/core/run/report.hpp"

#include "brigade/core/run/approval.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace brigade::core {

namespace {

namespace json = boost::json;

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value seconds(std::int64_t ms) {
  return static_cast<double>(ms) / 1000;
}

json::value seconds_or_null(const std::optional<std::int64_t>& ms) {
  return ms ? seconds(*ms) : json::value(nullptr);
}

json::value count_or_null(const std::optional<std::uint64_t>& count) {
  return count ? json::value(*count) : json::value(nullptr);
}

json::value usd(pico_usd amount) {
  return json::value(to_decimal(amount));
}

// -- plan and subtasks --------------------------------------------------------

json::value plan_json(const run_state& state) {
  json::array tasks;
  if (state.plan)
    for (const auto& task : state.plan->tasks) {
      json::array depends_on;
      for (const auto& edge : task.depends_on)
        depends_on.emplace_back(edge.task);
      json::array inputs;
      for (const auto& range : task.inputs)
        inputs.emplace_back(to_string(range));
      tasks.push_back({{"id", task.id},
                       {"worker", task.worker},
                       {"description", task.description},
                       {"depends_on", std::move(depends_on)},
                       {"inputs", std::move(inputs)}});
    }
  json::array faults;
  for (const auto& fault : state.faults)
    faults.push_back({{"code", fault.code},
                      {"pointer", fault.pointer},
                      {"message", fault.message}});
  return {{"analysis", text_or_null(state.plan ? state.plan->analysis : "")},
          {"tasks", std::move(tasks)},
          {"faults", std::move(faults)}};
}

/// Why a subtask has no result, or null.
json::value error_json(const task_state& task) {
  if (task.status == task_status::skipped) {
    std::string names;
    for (const auto& id : task.missing) {
      names += names.empty() ? "" : ", ";
      names += id;
    }
    return {{"code", "dependency_missing"},
            {"message",
             "these subtasks that it depends on did not succeed: " + names}};
  }
  if (task.error_code.empty())
    return nullptr;
  return {{"code", task.error_code}, {"message", task.error_message}};
}

json::value task_json(const subtask& planned, const task_state& task) {
  // A subtask that runs while the run stands still will start once more.
  const auto status = task.status == task_status::running
                          ? task_status::not_started
                          : task.status;
  const bool succeeded = task.status == task_status::succeeded;
  return {{"id", planned.id},
          {"worker", planned.worker},
          {"status", to_string(status)},
          {"attempts", task.attempts},
          {"result",
           succeeded ? json::value(task.result.view()) : json::value(nullptr)},
          {"error", error_json(task)},
          {"started_s", seconds_or_null(task.started_ms)},
          {"finished_s", seconds_or_null(task.finished_ms)},
          {"input_tokens", task.tokens.input_tokens},
          {"output_tokens", task.tokens.output_tokens},
          {"cost_usd", usd(task.cost)}};
}

json::array tasks_json(const run_state& state) {
  json::array result;
  for (std::size_t i = 0; i < state.tasks.size(); ++i)
    result.push_back(task_json(state.plan->tasks[i], state.tasks[i]));
  return result;
}

/// What the plan was said to cost, who said what of it, and until when somebody
/// may; null where nobody was asked.
json::value approval_json(const run_state& state) {
  if (!state.approval_asked)
    return nullptr;
  const auto& asked = *state.approval_asked;
  const auto answer =
      state.approval_answer.value_or(events::approval_given{"", "", ""});
  json::array path;
  for (const auto& id : asked.critical_path)
    path.emplace_back(id);
  const auto expires = approval_expires_wall_ms(state);
  return {{"decision", text_or_null(answer.decision)},
          {"by", text_or_null(answer.by)},
          {"comment", text_or_null(answer.comment)},
          {"cost_low_usd", usd(asked.cost_low)},
          {"cost_expected_usd", usd(asked.cost_expected)},
          {"cost_worst_usd", usd(asked.cost_worst)},
          {"critical_path", std::move(path)},
          {"expires_unix_ms",
           expires ? json::value(*expires) : json::value(nullptr)}};
}

// -- money --------------------------------------------------------------------

/// A line of the bill: what one buyer paid for one model.
struct bill_line {
  const call_state* first;
  pico_usd amount;

  bool covers(const call_state& call) const {
    return first->role == call.role && first->task == call.task
           && first->attempt == call.attempt && first->model == call.model
           && first->in_doubt == call.in_doubt;
  }
};

/// In the order of their first calls. Calls in flight are not spent yet.
std::vector<bill_line> bill_of(const run_state& state) {
  std::vector<bill_line> result;
  for (const auto& call : state.calls) {
    if (!call.settled)
      continue;
    const auto line =
        std::find_if(result.begin(), result.end(),
                     [&call](const auto& x) { return x.covers(call); });
    if (line == result.end())
      result.push_back({&call, call.charged});
    else
      line->amount += call.charged;
  }
  return result;
}

json::value cost_json(const run_state& state) {
  json::array by;
  for (const auto& [first, amount] : bill_of(state))
    by.push_back({{"role", to_string(first->role)},
                  {"task", text_or_null(first->task)},
                  {"attempt", first->attempt},
                  {"model", first->model},
                  {"usd", usd(amount)},
                  {"in_doubt", first->in_doubt}});
  return {{"spent_usd", usd(state.spent)},
          {"ceiling_usd", usd(state.ceiling)},
          {"charged_in_full_usd", usd(state.charged_in_full)},
          {"charged_tokens", state.spent_tokens},
          {"tokens_max", count_or_null(state.tokens_max)},
          {"calls_max", count_or_null(state.calls_max)},
          {"by", std::move(by)}};
}

// -- key figures --------------------------------------------------------------

json::value kpis_json(const run_state& state) {
  const auto kpis = kpis_of(state);
  return {{"wall_s", seconds(kpis.wall_ms)},
          {"critical_path_s", seconds(kpis.critical_path_ms)},
          {"fan_out", kpis.fan_out},
          {"task_error_rate",
           static_cast<double>(kpis.task_error_permille) / 1000}};
}

} // namespace

run_guarantees guarantees_of(const run_state& state) {
  run_guarantees result;
  result.estimate = state.estimate;
  result.prices = state.prices;
  result.overshoot_max = state.overshoot_max;
  return result;
}

run_kpis kpis_of(const run_state& state) {
  run_kpis result;
  result.wall_ms = state.last_at_ms;
  result.critical_path_ms = state.last_at_ms;
  if (state.plan_accepted_ms) {
    const auto synthesis_ms =
        state.synthesis_started_ms
            ? state.last_at_ms - *state.synthesis_started_ms
            : 0;
    result.critical_path_ms = std::min(
        state.last_at_ms,
        *state.plan_accepted_ms + critical_path_of(state).ms + synthesis_ms);
  }
  result.fan_out = static_cast<std::uint32_t>(state.tasks.size());
  std::uint64_t ran = 0;
  std::uint64_t failed = 0;
  for (const auto& task : state.tasks) {
    ran += task.attempts > 0 ? 1 : 0;
    failed += task.attempts > 0 && task.status == task_status::failed ? 1 : 0;
  }
  if (ran > 0)
    result.task_error_permille =
        static_cast<std::uint32_t>((failed * 1000 + ran / 2) / ran);
  return result;
}

boost::json::value to_json(const run_report& report) {
  const auto& state = report.state;
  return {{"run_id", report.id.text},
          {"status", to_string(state.status)},
          {"reason", text_or_null(state.reason)},
          {"message", text_or_null(state.message)},
          {"goal", state.goal},
          {"answer", text_or_null(state.answer.view())},
          {"plan", plan_json(state)},
          {"approval", approval_json(state)},
          {"tasks", tasks_json(state)},
          {"usage",
           {{"calls", state.calls.size()},
            {"input_tokens", state.tokens.input_tokens},
            {"output_tokens", state.tokens.output_tokens}}},
          {"cost", cost_json(state)},
          {"kpis", kpis_json(state)},
          {"guarantees",
           {{"estimate", report.guarantees.estimate},
            {"overshoot_max_usd", usd(report.guarantees.overshoot_max)},
            {"prices", report.guarantees.prices},
            {"journal", report.guarantees.journal}}}};
}

int exit_code_of(const run_report& report) {
  const auto& state = report.state;
  if (state.status == run_status::suspended)
    return 130;
  if (!state.answer.empty()) {
    const bool complete =
        std::all_of(state.tasks.begin(), state.tasks.end(), [](const auto& t) {
          return t.status == task_status::succeeded;
        });
    return complete ? 0 : 5;
  }
  constexpr std::pair<std::string_view, int> codes[] = {
      {"plan_rejected", 4},
      {"over_budget", 6},
      {"provider", 7},
      {"deadline", 8},
  };
  for (auto [reason, code] : codes)
    if (reason == state.reason)
      return code;
  return 1;
}

} // namespace brigade::core
