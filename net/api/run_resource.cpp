#include "brigade/net/api/run_resource.hpp"

#include "brigade/core/run/report.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value usd(core::pico_usd amount) {
  return json::value(core::to_decimal(amount));
}

/// An integer where it is one: not every reader likes `3E2`.
json::value seconds(std::int64_t ms) {
  constexpr std::int64_t ms_per_s = 1000;
  if (ms % ms_per_s == 0)
    return ms / ms_per_s;
  return static_cast<double>(ms) / static_cast<double>(ms_per_s);
}

std::string_view phase_of(const run_view& view) {
  if (view.queued)
    return "queued";
  switch (view.state->phase) {
  case core::run_phase::planning:
    return "planning";
  case core::run_phase::working:
    return view.state->awaits_approval() ? "approval" : "working";
  case core::run_phase::synthesizing:
    return "synthesizing";
  case core::run_phase::finished:
    break;
  }
  return "finished";
}

json::object links_of(const core::run_id& run) {
  const auto self = path_of(run);
  return {{"self", self},
          {"plan", self + "/plan"},
          {"tasks", self + "/tasks"},
          {"result", self + "/result"},
          {"events", self + "/events"}};
}

json::object counts_of(const core::run_state& state) {
  constexpr std::array statuses{
      core::task_status::not_started, core::task_status::running,
      core::task_status::succeeded,   core::task_status::failed,
      core::task_status::skipped,     core::task_status::cancelled};
  json::object out{{"total", state.tasks.size()}};
  for (const auto status : statuses)
    out.emplace(
        core::to_string(status),
        std::count_if(state.tasks.begin(), state.tasks.end(),
                      [status](const auto& t) { return t.status == status; }));
  return out;
}

/// What somebody is asked to approve, and what came of it; null: nothing.
json::value approval_of(const core::run_state& state) {
  if (!state.approval_asked)
    return nullptr;
  const auto& asked = *state.approval_asked;
  json::array path;
  for (const auto& id : asked.critical_path)
    path.emplace_back(id);
  json::object out{
      {"status", state.approval_answer ? state.approval_answer->decision
                                       : std::string{"waiting"}},
      {"expires_at",
       text_or_null(utc_text(state.approval_wall_ms + asked.timeout_ms))},
      {"critical_path", std::move(path)},
      {"cost_usd",
       {{"low", usd(asked.cost_low)},
        {"expected", usd(asked.cost_expected)},
        {"worst", usd(asked.cost_worst)}}}};
  if (const auto& answer = state.approval_answer) {
    out.emplace("by", text_or_null(answer->by));
    out.emplace("comment", text_or_null(answer->comment));
  }
  return out;
}

json::object task_object(const core::subtask& planned,
                         const core::task_state& task) {
  json::array depends_on;
  for (const auto& edge : planned.depends_on)
    depends_on.emplace_back(edge.task);
  json::object out{{"id", planned.id},
                   {"worker", planned.worker},
                   {"description", planned.description},
                   {"depends_on", std::move(depends_on)},
                   {"status", core::to_string(task.status)},
                   {"attempts", task.attempts},
                   {"cost_usd", usd(task.cost)}};
  out.emplace("started_s", task.started_ms ? seconds(*task.started_ms)
                                           : json::value(nullptr));
  out.emplace("finished_s", task.finished_ms ? seconds(*task.finished_ms)
                                             : json::value(nullptr));
  if (task.error_code.empty())
    out.emplace("error", nullptr);
  else
    out.emplace("error", json::object{{"code", task.error_code},
                                      {"message", task.error_message}});
  return out;
}

} // namespace

std::string path_of(const core::run_id& run) {
  return "/api/v1/runs/" + run.text;
}

std::string utc_text(std::int64_t wall_ms) {
  if (wall_ms == 0)
    return {};
  const auto whole_s = static_cast<std::time_t>(wall_ms / 1000);
  std::tm parts{};
  if (::gmtime_r(&whole_s, &parts) == nullptr)
    return {};
  std::array<char, 40> text{};
  const auto length =
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const auto ms = static_cast<int>(wall_ms % 1000);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ", ms);
  return text.data();
}

std::string run_json(const run_view& view) {
  const auto& state = *view.state;
  json::array inputs;
  for (const auto& input : state.inputs)
    inputs.push_back({{"id", input.id},
                      {"name", input.name},
                      {"bytes", input.bytes},
                      {"lines", input.lines}});
  json::object out{
      {"id", view.run.text},
      {"status", core::to_string(state.status)},
      {"phase", phase_of(view)},
      {"reason", text_or_null(state.reason)},
      {"message", text_or_null(state.message)},
      {"crew", state.crew},
      {"goal", state.goal},
      {"inputs", std::move(inputs)},
      {"submitted_at", text_or_null(utc_text(state.submitted_wall_ms))},
      {"updated_at", text_or_null(utc_text(view.updated_wall_ms))},
      {"worked_s", seconds(state.last_at_ms)},
      {"deadline_s", seconds(state.deadline_ms)},
      {"tasks", counts_of(state)},
      {"cost",
       {{"ceiling_usd", usd(state.ceiling)},
        {"spent_usd", usd(state.spent)},
        {"reserved_usd", usd(state.reserved)}}},
      {"usage",
       {{"calls", state.calls.size()},
        {"input_tokens", state.tokens.input_tokens},
        {"output_tokens", state.tokens.output_tokens}}},
      {"approval", approval_of(state)},
      {"last_event", state.last_seq},
      {"links", links_of(view.run)}};
  return json::serialize(out);
}

std::optional<std::string> plan_json(const run_view& view) {
  const auto& state = *view.state;
  if (!state.plan)
    return std::nullopt;
  json::object out{{"run_id", view.run.text},
                   {"plan", core::to_json(*state.plan)},
                   {"approval", approval_of(state)}};
  return json::serialize(out);
}

std::string tasks_json(const run_view& view) {
  const auto& state = *view.state;
  json::array tasks;
  for (std::size_t i = 0; i < state.tasks.size(); ++i)
    tasks.push_back(task_object(state.plan->tasks[i], state.tasks[i]));
  return json::serialize(
      json::object{{"run_id", view.run.text}, {"tasks", std::move(tasks)}});
}

std::optional<std::string> task_json(const run_view& view,
                                     std::string_view task) {
  const auto& state = *view.state;
  for (std::size_t i = 0; i < state.tasks.size(); ++i)
    if (state.plan->tasks[i].id == task) {
      auto out = task_object(state.plan->tasks[i], state.tasks[i]);
      const auto& result = state.tasks[i].result;
      out.emplace("result", text_or_null(result.view()));
      return json::serialize(out);
    }
  return std::nullopt;
}

std::string result_json(const run_view& view) {
  core::run_report report{view.run, *view.state,
                          core::guarantees_of(*view.state)};
  report.guarantees.journal = "durable";
  return json::serialize(core::to_json(report));
}

std::string list_json(const std::vector<run_line>& runs,
                      const std::string& next) {
  json::array lines;
  for (const auto& [summary, queued] : runs)
    lines.push_back(
        {{"id", summary.id.text},
         {"status", core::to_string(summary.status)},
         {"phase", queued ? json::value("queued") : json::value(nullptr)},
         {"reason", text_or_null(summary.reason)},
         {"crew", summary.crew},
         {"goal", summary.goal},
         {"submitted_at", text_or_null(utc_text(summary.submitted_wall_ms))},
         {"updated_at", text_or_null(utc_text(summary.updated_wall_ms))},
         {"tasks", summary.tasks},
         {"tasks_succeeded", summary.tasks_succeeded},
         {"ceiling_usd", usd(summary.ceiling)},
         {"spent_usd", usd(summary.spent)},
         {"links", links_of(summary.id)}});
  return json::serialize(
      json::object{{"runs", std::move(lines)}, {"next", text_or_null(next)}});
}

std::string crews_json(const std::vector<crew_card>& crews) {
  json::array out;
  for (const auto& crew : crews)
    out.push_back({{"name", crew.name},
                   {"description", text_or_null(crew.description)},
                   {"cost_max_usd", usd(crew.cost_max)},
                   {"deadline_s", seconds(crew.deadline_ms)},
                   {"approval", crew.approval ? "plan" : "none"}});
  return json::serialize(json::object{{"crews", std::move(out)}});
}

std::string etag_of(const run_view& view) {
  return "\"" + std::to_string(view.state->last_seq)
         + (view.queued ? "q\"" : "\"");
}

} // namespace brigade::net::api
