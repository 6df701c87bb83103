#include "brigade/app/show_task.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/show_calls.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/text_block.hpp"
#include "brigade/core/run/critical_path.hpp"

#include <algorithm>

namespace brigade::app {

namespace {

using lines = std::vector<std::string>;

constexpr std::size_t text_indent = 2;
/// Of subtasks in one line.
constexpr std::size_t names_max = 30;

/// Builds the text of one subtask.
struct teller {
  const stored_run& run;
  std::size_t task;
  const show_view& view;
  lines out{};

  const core::run_state& state() const { return run.history.state; }
  const core::subtask& planned() const { return state().plan->tasks[task]; }
  const core::task_state& now() const { return state().tasks[task]; }

  void heading(std::string text) {
    out.emplace_back();
    out.push_back(styled(std::move(text), text_style::bold, view.color));
  }

  void block(std::string_view text) {
    append_block(out, text, text_indent, view.columns);
  }

  void text_under(std::string title, std::string_view text) {
    if (!text.empty()) {
      heading(std::move(title));
      block(text);
    }
  }

  std::string with_state(std::size_t other) const {
    return terminal_line(state().plan->tasks[other].id) + " ("
           + std::string{task_word(run, other)} + ")";
  }

  void head() {
    auto word = task_word(run, task);
    out.push_back(styled("subtask   " + terminal_line(planned().id)
                             + ", worker " + terminal_line(planned().worker),
                         text_style::bold, view.color));
    auto status = "status    " + std::string{word};
    if (now().attempts > 1) {
      status += " after " + counted(now().attempts, "attempt");
    }
    if (on_critical_path(state())[task]) {
      status += ", on the critical path";
    }
    out.push_back(styled(std::move(status), task_style(word), view.color));
    out.push_back("run       " + terminal_line(run.listed.summary.id.text));
    if (now().started_ms) {
      auto end = now().finished_ms.value_or(state().last_at_ms);
      out.push_back("time      " + display_duration(*now().started_ms) + " to "
                    + display_duration(end) + ", "
                    + display_duration(core::duration_ms(state(), now())));
      out.push_back("cost      " + display_cost(now().cost) + "; "
                    + display_tokens(now().tokens));
    }
  }

  void relations() {
    auto all = core::dependencies_of(*state().plan);
    std::string after;
    for (auto j : all[task]) {
      after += (after.empty() ? "" : ", ") + with_state(j);
    }
    std::string before;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (std::ranges::find(all[i], task) != all[i].end()) {
        before += (before.empty() ? "" : ", ") + with_state(i);
      }
    }
    std::string inputs;
    for (const auto& range : planned().inputs) {
      inputs +=
          (inputs.empty() ? "" : ", ") + terminal_line(core::to_string(range));
    }
    line("after", after);
    line("before", before);
    line("inputs", inputs);
  }

  void line(std::string label, const std::string& text) {
    if (!text.empty()) {
      label.resize(10, ' ');
      out.push_back(label + text);
    }
  }

  void failure() {
    const auto& t = now();
    if (t.status == core::task_status::succeeded || t.error_code.empty()) {
      return;
    }
    heading(t.status == core::task_status::failed ? "failed with"
                                                  : "last failure");
    lines text;
    append_block(text, cause_text(t.error_code, t.error_message), text_indent,
                 view.columns);
    for (auto& each : text) {
      out.push_back(styled(std::move(each), text_style::red, view.color));
    }
  }

  void attempts() {
    if (task >= run.history.attempts.size()
        || run.history.attempts[task].empty()) {
      return;
    }
    heading("attempts");
    for (const auto& a : run.history.attempts[task]) {
      auto text =
          std::to_string(a.attempt) + ". " + display_duration(a.started_ms)
          + " to "
          + (a.ended_ms ? display_duration(*a.ended_ms) + ", "
                              + display_duration(*a.ended_ms - a.started_ms)
                        : std::string{"now"})
          + ": ";
      text += a.end == core::attempt_end::open
                  ? std::string{task_word(run, task)}
                  : std::string{core::to_string(a.end)};
      if (a.delay_ms > 0) {
        text += " after " + display_duration(a.delay_ms);
      }
      if (!a.code.empty()) {
        text += "; " + cause_text(a.code, a.message);
      }
      block(text);
    }
  }

  void calls(bool whole) {
    bool any = std::ranges::any_of(state().calls, [this](const auto& c) {
      return c.task == planned().id;
    });
    if (!any) {
      return;
    }
    heading("calls");
    if (whole) {
      for (auto& each : show_calls(run, planned().id, view)) {
        out.push_back(std::move(each));
      }
      return;
    }
    for (std::size_t i = 0; i < state().calls.size(); ++i) {
      if (state().calls[i].task == planned().id) {
        block(call_line(run, i));
      }
    }
    out.push_back(styled("  what was sent and answered: brigade show "
                             + terminal_line(run.listed.summary.id.text) + " "
                             + terminal_line(planned().id) + " --calls",
                         text_style::dim, view.color));
  }

  void result() {
    const auto& t = now();
    if (t.status == core::task_status::succeeded) {
      heading("result");
      block(t.result.view());
      return;
    }
    std::string missing;
    for (const auto& id : t.missing) {
      missing += (missing.empty() ? "" : ", ") + terminal_line(id);
    }
    heading("no result");
    block(!missing.empty() ? "It was skipped: it depends on " + missing
                                 + ", which did not succeed."
          : t.error_code.empty() ? std::string{"It has not ended."}
                                 : cause_text(t.error_code, t.error_message));
  }
};

} // namespace

lines show_task(const stored_run& run, std::size_t task, bool calls,
                const show_view& view) {
  teller tell{run, task, view};
  tell.head();
  tell.relations();
  tell.failure();
  tell.text_under("description", tell.planned().description);
  tell.text_under("context", tell.planned().context);
  tell.text_under("expected", tell.planned().expected_output);
  tell.attempts();
  tell.calls(calls);
  tell.result();
  return tell.out;
}

std::string task_names(const core::run_state& state) {
  if (!state.plan || state.plan->tasks.empty()) {
    return "none";
  }
  std::string out;
  const auto& tasks = state.plan->tasks;
  for (std::size_t i = 0; i < tasks.size() && i < names_max; ++i) {
    out += (out.empty() ? "" : ", ") + terminal_line(tasks[i].id);
  }
  return tasks.size() > names_max ? out + ", ..." : out;
}

} // namespace brigade::app
