#include "brigade/core/run/run_summary.hpp"

#include <utility>

namespace brigade::core {

std::string beginning_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return std::string{text};
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string{text.substr(0, end)};
}

namespace {

struct folder {
  run_summary& out;
  std::map<call_id, pico_usd>& open;
  const event& whole;

  void end_call(call_id id, pico_usd charged) {
    const auto call = open.extract(id);
    if (call.empty())
      return;
    out.in_flight -= call.mapped();
    out.spent += charged;
  }

  void operator()(const events::run_submitted& e) {
    out.goal = beginning_of(e.goal, summary_goal_bytes_max);
    out.crew = e.crew;
    out.client = e.client;
    out.ceiling = e.ceiling;
    out.parent_run = e.parent_run;
    out.submitted_wall_ms = whole.wall_ms;
  }

  void operator()(const events::plan_accepted& e) {
    if (e.plan)
      out.tasks = static_cast<std::uint32_t>(e.plan->tasks.size());
  }

  void operator()(const events::call_intended& e) {
    if (!open.emplace(e.id, e.worst_case).second)
      return;
    ++out.calls;
    out.in_flight += e.worst_case;
  }

  void operator()(const events::call_settled& e) { end_call(e.id, e.charged); }

  void operator()(const events::call_in_doubt& e) { end_call(e.id, e.charged); }

  void operator()(const events::task_succeeded&) { ++out.tasks_succeeded; }

  void operator()(const events::run_suspended& e) {
    out.status = run_status::suspended;
    out.reason = e.reason;
  }

  void operator()(const events::run_resumed& e) {
    out.status = run_status::running;
    out.reason.clear();
    out.ceiling = e.ceiling;
    out.epoch = e.epoch;
  }

  void operator()(const events::run_finished& e) {
    out.status = e.status;
    out.reason = e.reason;
  }

  void operator()(const auto&) {
    // Nothing that a list shows.
  }
};

} // namespace

void summary_fold::apply(const event& e) {
  summary_.last_seq = e.seq;
  summary_.updated_wall_ms = e.wall_ms;
  summary_.worked_ms = e.at_ms;
  std::visit(folder{summary_, open_, e}, e.body);
}

} // namespace brigade::core
