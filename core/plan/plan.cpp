#include "brigade/core/plan/plan.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace brigade::core {

namespace {

namespace json = boost::json;

json::value to_json(const dependency& edge) {
  if (!edge.if_failed)
    return json::string(edge.task);
  return json::object{{"task", edge.task},
                      {"if_failed", to_string(*edge.if_failed)}};
}

json::value to_json(const subtask& task) {
  json::object out;
  out["id"] = task.id;
  out["worker"] = task.worker;
  out["description"] = task.description;
  json::array edges;
  for (const auto& edge : task.depends_on)
    edges.push_back(to_json(edge));
  out["depends_on"] = std::move(edges);
  json::array ranges;
  for (const auto& range : task.inputs)
    ranges.push_back(json::string(to_string(range)));
  out["inputs"] = std::move(ranges);
  if (!task.context.empty())
    out["context"] = task.context;
  if (!task.expected_output.empty())
    out["expected_output"] = task.expected_output;
  return out;
}

} // namespace

std::string_view to_string(failure_policy policy) {
  switch (policy) {
  case failure_policy::skip:
    return "skip";
  case failure_policy::run_with_gap:
    return "run_with_gap";
  case failure_policy::abort:
    return "abort";
  }
  return "skip";
}

std::optional<failure_policy> parse_failure_policy(std::string_view text) {
  for (auto policy : {failure_policy::skip, failure_policy::run_with_gap,
                      failure_policy::abort})
    if (to_string(policy) == text)
      return policy;
  return std::nullopt;
}

std::optional<std::size_t> find_task(const plan& p, std::string_view id) {
  auto found = std::find_if(p.tasks.begin(), p.tasks.end(),
                            [id](const subtask& x) { return x.id == id; });
  if (found == p.tasks.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - p.tasks.begin());
}

boost::json::value to_json(const plan& p) {
  json::object out;
  out["analysis"] = p.analysis;
  if (p.answer)
    out["answer"] = *p.answer;
  json::array tasks;
  for (const auto& task : p.tasks)
    tasks.push_back(to_json(task));
  out["tasks"] = std::move(tasks);
  return out;
}

} // namespace brigade::core
