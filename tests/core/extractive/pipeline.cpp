#include "pipeline.hpp"

#include "brigade/core/extractive/cited_text.hpp"
#include "brigade/core/extractive/text.hpp"

#include <algorithm>

namespace pipeline {

using namespace brigade::core;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

cited to_cited(const std::string& sentence, std::string_view place) {
  cited result;
  result.sentence = sentence;
  auto colon = place.rfind(':');
  auto lines = place.substr(colon + 1);
  result.name = std::string{place.substr(0, colon)};
  result.first = static_cast<std::uint32_t>(std::stoul(std::string{lines}));
  auto dash = lines.find('-');
  result.last = dash == std::string_view::npos
                    ? result.first
                    : static_cast<std::uint32_t>(
                        std::stoul(std::string{lines.substr(dash + 1)}));
  return result;
}

void add_citations(std::vector<cited>& out, std::string_view line) {
  if (line.starts_with("- ")) {
    auto part = extractive::read_cited(line.substr(2));
    for (auto& place : part.places)
      out.push_back(to_cited(part.text, place));
  }
}

} // namespace

outcome run(std::string_view goal, const input_set& inputs, const crew& c) {
  using extractive::answer;
  using extractive::encode;
  outcome result;
  result.plan_text =
      answer(encode(planner_request(c, goal, inputs))).text.str();
  plan_rules rules;
  for (auto& w : c.workers)
    rules.workers.push_back(w.name);
  rules.inputs = &inputs;
  rules.tasks_max = c.limits.tasks_max;
  rules.depth_max = c.limits.depth_max;
  auto checked = check_plan(result.plan_text, rules);
  result.faults = checked.faults;
  if (!checked.value)
    return result;
  result.plan = *checked.value;
  result.results.resize(result.plan.tasks.size());
  std::vector<task_result> done;
  for (std::size_t i = 0; i < result.plan.tasks.size(); ++i) {
    auto& task = result.plan.tasks[i];
    std::vector<dependency_result> needed;
    for (auto& d : task.depends_on) {
      auto at = find_task(result.plan, d.task);
      needed.push_back(
          {d.task, result.plan.tasks[*at].worker, &result.results[*at]});
    }
    result.results[i] =
        answer(encode(worker_request(c, goal, task, inputs, needed))).text;
    done.push_back({&task, &result.results[i], "succeeded"});
  }
  result.report =
      answer(encode(synthesizer_request(c, goal, result.plan.analysis, done)))
          .text.str();
  return result;
}

std::vector<cited> citations(std::string_view report) {
  std::vector<cited> result;
  for (auto& line : lines_of(report))
    add_citations(result, line);
  return result;
}

bool is_true(const cited& c, const input_set& inputs) {
  for (auto& document : inputs) {
    if (document.name() != c.name || c.last > document.line_count())
      continue;
    std::string joined;
    for (auto n = c.first; n <= c.last; ++n) {
      auto line = extractive::trim(document.line(n));
      while (line.starts_with('>'))
        line = extractive::trim(line.substr(1));
      joined += ' ';
      joined += line;
    }
    if (extractive::fold_blanks(joined).find(c.sentence) != std::string::npos)
      return true;
  }
  return false;
}

std::vector<std::string> sentences(std::string_view report) {
  std::vector<std::string> result;
  for (auto& line : lines_of(report))
    if (line.starts_with("- "))
      result.push_back(
          extractive::read_cited(std::string_view{line}.substr(2)).text);
  return result;
}

std::vector<conflict> conflicts(std::string_view report) {
  std::vector<conflict> result;
  bool inside = false;
  for (auto& line : lines_of(report)) {
    if (line.starts_with("## "))
      inside = line == "## Conflicts";
    else if (inside && line.starts_with("**"))
      result.push_back({line, {}});
    else if (inside && !result.empty())
      add_citations(result.back().sides, line);
  }
  return result;
}

} // namespace pipeline
