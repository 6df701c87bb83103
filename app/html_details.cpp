// Costs, subtasks and calls as tables and texts.

#include "brigade/app/call_text.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/html_parts.hpp"
#include "brigade/app/html_text.hpp"
#include "brigade/app/show_calls.hpp"
#include "brigade/app/show_view.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <algorithm>
#include <map>

namespace brigade::app {

namespace {

struct sum {
  std::uint64_t calls = 0;
  core::usage tokens;
  core::pico_usd cost;
};

using sums = std::map<std::string, sum, std::less<>>;

void add(sum& to, const core::call_state& call) {
  ++to.calls;
  to.tokens.input_tokens += call.tokens.input_tokens;
  to.tokens.output_tokens += call.tokens.output_tokens;
  to.cost += call.charged;
}

std::string table_of(std::string_view title, const sums& rows) {
  std::vector<std::pair<std::string_view, const sum*>> order;
  for (const auto& [name, value] : rows) {
    order.emplace_back(name, &value);
  }
  // The dearest first.
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
    return a.second->cost > b.second->cost;
  });
  auto out = "<table><thead><tr><th scope=\"col\">" + std::string{title}
             + "</th><th scope=\"col\" class=\"n\">Calls</th>"
               "<th scope=\"col\" class=\"n\">Tokens in</th>"
               "<th scope=\"col\" class=\"n\">Tokens out</th>"
               "<th scope=\"col\" class=\"n\">Cost</th></tr></thead><tbody>\n";
  for (const auto& [name, value] : order) {
    out +=
        "<tr><th scope=\"row\">" + html_line(name) + "</th><td class=\"n\">"
        + std::to_string(value->calls) + "</td><td class=\"n\">"
        + std::to_string(value->tokens.input_tokens) + "</td><td class=\"n\">"
        + std::to_string(value->tokens.output_tokens) + "</td><td class=\"n\">$"
        + core::to_decimal(value->cost) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string text_part(std::string_view title, std::string_view text) {
  if (text.empty()) {
    return {};
  }
  return "<h3>" + html_line(title) + "</h3>\n<pre>" + html_escaped(text)
         + "</pre>\n";
}

std::string attempts_of(const stored_run& run, std::size_t task) {
  if (task >= run.history.attempts.size()
      || run.history.attempts[task].empty()) {
    return {};
  }
  std::string out =
      "<h3>Attempts</h3>\n<table><thead><tr><th scope=\"col\">Attempt</th>"
      "<th scope=\"col\" class=\"n\">From</th><th scope=\"col\" class=\"n\">To"
      "</th><th scope=\"col\">End</th></tr></thead><tbody>\n";
  for (const auto& a : run.history.attempts[task]) {
    out += "<tr><td>" + std::to_string(a.attempt) + "</td><td class=\"n\">"
           + display_duration(a.started_ms) + "</td><td class=\"n\">"
           + (a.ended_ms ? display_duration(*a.ended_ms) : "") + "</td><td>"
           + std::string{core::to_string(a.end)} + " "
           + html_escaped(cause_text(a.code, a.message)) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string relations_of(const stored_run& run, std::size_t task) {
  const auto& state = run.history.state;
  const auto& planned = state.plan->tasks[task];
  std::string out;
  for (const auto& edge : planned.depends_on) {
    out += (out.empty() ? "<p>After " : ", ") + std::string{"<a href=\"#task-"}
           + html_line(edge.task) + "\">" + html_line(edge.task) + "</a>";
  }
  std::string inputs;
  for (const auto& range : planned.inputs) {
    inputs += (inputs.empty() ? "Inputs: " : ", ")
              + html_line(core::to_string(range));
  }
  if (!inputs.empty()) {
    out += (out.empty() ? "<p>" : ". ") + inputs;
  }
  return out.empty() ? out : out + "</p>\n";
}

} // namespace

std::string html_costs(const stored_run& run) {
  sums by_role;
  sums by_model;
  sums by_task;
  for (const auto& call : run.history.state.calls) {
    add(by_role[std::string{core::to_string(call.role)}], call);
    add(by_model[call.model], call);
    if (!call.task.empty()) {
      add(by_task[call.task], call);
    }
  }
  if (by_role.empty()) {
    return "<p>There was no call.</p>\n";
  }
  return table_of("Role", by_role) + table_of("Model", by_model)
         + (by_task.empty() ? std::string{} : table_of("Subtask", by_task));
}

std::string html_tasks(const stored_run& run) {
  const auto& state = run.history.state;
  std::string out;
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    const auto& task = state.plan->tasks[i];
    const auto& t = state.tasks[i];
    bool failed = t.status == core::task_status::failed;
    out += "<details id=\"task-" + html_line(task.id) + "\""
           + (failed ? " open=\"open\"" : "") + "><summary><span class=\"tag "
           + html_state_class(run, i) + "\">"
           + std::string{task_sign(run, i, false)} + " "
           + std::string{task_word(run, i)} + "</span> <strong>"
           + html_line(task.id) + "</strong> " + html_line(task.worker) + ", "
           + display_duration(core::duration_ms(state, t)) + ", "
           + display_cost(t.cost) + "</summary>\n";
    if (t.status != core::task_status::succeeded && !t.error_code.empty()) {
      out += "<p class=\"bad\">"
             + html_escaped(cause_text(t.error_code, t.error_message))
             + "</p>\n";
    }
    if (!t.missing.empty()) {
      std::string missing;
      for (const auto& id : t.missing) {
        missing += (missing.empty() ? "" : ", ") + html_line(id);
      }
      out += "<p>Skipped for want of " + missing + ".</p>\n";
    }
    out += relations_of(run, i) + text_part("Description", task.description)
           + text_part("Context", task.context)
           + text_part("Expected", task.expected_output) + attempts_of(run, i)
           + text_part("Result", t.result.view()) + "</details>\n";
  }
  return out;
}

std::string html_calls(const stored_run& run) {
  std::string out;
  for (std::size_t i = 0; i < run.history.calls.size(); ++i) {
    const auto& c = run.history.state.calls[i];
    const auto& h = run.history.calls[i];
    out += "<details><summary>" + html_escaped(call_line(run, i))
           + "</summary>\n<p>" + html_line(core::to_string(c.key)) + ", try "
           + std::to_string(c.try_no) + ", attempt " + std::to_string(c.attempt)
           + "; reserved $" + core::to_decimal(c.reserved) + ", charged $"
           + core::to_decimal(c.charged);
    if (!c.nested_run.empty()) {
      out += "; nested run " + html_line(c.nested_run);
    }
    if (!h.request_id.empty()) {
      out += "; request " + html_line(h.request_id);
    }
    out += "</p>\n";
    for (const auto& part : request_parts(h.request.view())) {
      out += text_part(part.role, part.text);
    }
    out += text_part("answer", readable(h.reply.view())) + "</details>\n";
  }
  return out;
}

} // namespace brigade::app
