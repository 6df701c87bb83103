#include "brigade/app/html_page.hpp"

#include "brigade/app/cli.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/html_parts.hpp"
#include "brigade/app/html_text.hpp"
#include "brigade/app/show_run.hpp"
#include "brigade/app/wall_time.hpp"

namespace brigade::app {

namespace {

/// Of the goal in the page's title, in columns.
constexpr std::size_t title_columns_max = 80;

std::string head(const stored_run& run) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "base-uri 'none'; form-action 'none'\"/>\n"
      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>";
  out += html_escaped(status_word(run.listed)) + ": "
         + html_line(run.history.state.goal, title_columns_max)
         + "</title>\n<style>";
  out += html_style;
  return out + "</style>\n</head>\n";
}

std::string_view status_class(std::string_view word) {
  return word == "succeeded" ? "done"
         : word == "failed"  ? "failed"
         : word == "running" ? "work"
                             : "stop";
}

void row(std::string& out, std::string_view name, const std::string& html) {
  if (!html.empty()) {
    out += "<dt>";
    out += name;
    out += "</dt><dd>" + html + "</dd>\n";
  }
}

std::string lives_of(const stored_run& run) {
  if (run.history.lives.size() < 2) {
    return {};
  }
  std::string out;
  for (const auto& life : run.history.lives) {
    out += (out.empty() ? "" : "<br/>") + std::to_string(life.epoch) + ". from "
           + display_time(life.started_wall_ms) + ", "
           + display_duration(life.last_ms - life.started_ms);
    if (!life.begun_by.empty()) {
      out += ", resumed: " + html_line(life.begun_by);
    }
    if (!life.ended_by.empty()) {
      out += ", ended: " + html_line(life.ended_by);
    }
  }
  return out;
}

std::string summary(const stored_run& run) {
  const auto& state = run.history.state;
  const auto& listed = run.listed.summary;
  auto word = status_word(run.listed);
  std::string out = "<dl>\n";
  auto status = "<span class=\"tag " + std::string{status_class(word)} + "\">"
                + std::string{word} + "</span> " + html_line(state.reason);
  if (!state.message.empty()) {
    status += (state.reason.empty() ? "" : ": ") + html_line(state.message);
  }
  row(out, "Status", status);
  row(out, "Run", "<code>" + html_line(listed.id.text) + "</code>");
  row(out, "Crew", html_line(state.crew));
  if (!state.parent_run.empty()) {
    row(out, "Nested in",
        html_line(state.parent_run) + " " + html_line(state.parent_task));
  }
  row(out, "Submitted", display_time(listed.submitted_wall_ms));
  row(out, "Worked", display_duration(state.last_at_ms));
  row(out, "Lives", lives_of(run));
  row(out, "Cost",
      display_cost(state.spent)
          + (state.ceiling == core::pico_usd::max()
                 ? std::string{", no ceiling"}
                 : " of " + display_ceiling(state.ceiling))
          + ", " + counted(state.calls.size(), "call") + ", "
          + display_tokens(state.tokens));
  if (state.plan) {
    row(out, "Subtasks",
        std::to_string(count_tasks(state, core::task_status::succeeded))
            + " of " + std::to_string(state.tasks.size()) + " done");
  }
  std::string inputs;
  for (const auto& input : state.inputs) {
    inputs += (inputs.empty() ? "" : ", ") + html_line(input.id) + " "
              + html_line(input.name);
  }
  row(out, "Documents", inputs);
  return out + "</dl>\n";
}

std::string steps(const stored_run& run) {
  auto lines = next_steps(run);
  if (lines.empty()) {
    return {};
  }
  std::string out = "<div class=\"bad\">\n";
  for (const auto& line : lines) {
    out += line.starts_with("  ")
               ? "<p><code>" + html_line(line) + "</code></p>\n"
               : "<p>" + html_line(line) + "</p>\n";
  }
  return out + "</div>\n";
}

std::string faults(const stored_run& run) {
  const auto& state = run.history.state;
  if (state.faults.empty()) {
    return {};
  }
  std::string out = "<h3>Faults of the last rejected proposal</h3>\n<table>"
                    "<thead><tr><th>Code</th><th>Where</th><th>What</th></tr>"
                    "</thead><tbody>\n";
  for (const auto& fault : state.faults) {
    out += "<tr><td>" + html_line(fault.code) + "</td><td>"
           + html_line(fault.pointer) + "</td><td>" + html_line(fault.message)
           + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

void section(std::string& out, std::string_view id, std::string_view title,
             const std::string& html) {
  if (html.empty()) {
    return;
  }
  out += "<section>\n<h2 id=\"" + std::string{id} + "\">" + std::string{title}
         + "</h2>\n" + html + "</section>\n";
}

} // namespace

std::string html_page(const stored_run& run) {
  const auto& state = run.history.state;
  auto out = head(run);
  out += "<body>\n<label class=\"theme\"><input type=\"checkbox\" "
         "id=\"theme\"/> other colours</label>\n<header>\n<h1>"
         + html_escaped(state.goal) + "</h1>\n" + summary(run) + steps(run)
         + "</header>\n<nav aria-label=\"Parts of this page\"><p>";
  out += "<a href=\"#plan\">Plan</a><a href=\"#time\">Timeline</a>"
         "<a href=\"#cost\">Cost</a><a href=\"#answer\">Answer</a>"
         "<a href=\"#tasks\">Subtasks</a><a href=\"#calls\">Calls</a></p></nav>"
         "\n<main>\n";
  section(out, "plan", "Plan", html_graph(run) + faults(run));
  section(out, "time", "Timeline", html_timeline(run));
  section(out, "cost", "Cost", html_costs(run));
  section(out, "answer", "Answer",
          state.answer.empty()
              ? "<p>There is none.</p>\n"
              : "<pre>" + html_escaped(state.answer.view()) + "</pre>\n");
  section(out, "tasks", "Subtasks", html_tasks(run));
  section(out, "calls", "Calls", html_calls(run));
  return out + "</main>\n</body>\n</html>\n";
}

} // namespace brigade::app
