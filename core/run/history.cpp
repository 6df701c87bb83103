#include "brigade/core/run/history.hpp"

#include "brigade/core/model/enum_text.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

constexpr std::array<std::string_view, 6> end_names = {
    "open", "succeeded", "failed", "retried", "cancelled", "interrupted"};

/// Folds what `run_state`, which has the event already, does not keep.
struct folder {
  run_history& out;
  const event& whole;
  /// The time of the event before.
  std::int64_t before_ms;

  // -- lookup -----------------------------------------------------------------

  /// The last attempt of that subtask, if it is this one and has not ended
  /// otherwise than with the run's actors.
  attempt_history* find(std::string_view task, std::uint32_t attempt) {
    auto* all = attempts_of(task);
    if (!all || all->empty() || all->back().attempt != attempt)
      return nullptr;
    auto& last = all->back();
    return last.end == attempt_end::open || last.end == attempt_end::interrupted
               ? &last
               : nullptr;
  }

  std::vector<attempt_history>* attempts_of(std::string_view task) {
    const auto& ids = out.state.tasks_by_id;
    const auto i = std::ranges::lower_bound(
        ids, task, {}, [this](auto at) { return id_of(at); });
    if (i == ids.end() || id_of(*i) != task)
      return nullptr;
    return &out.attempts[*i];
  }

  std::string_view id_of(std::uint32_t at) const {
    return out.state.plan->tasks[at].id;
  }

  call_history* find_open(call_id id) {
    const auto& calls = out.state.calls;
    const auto guess = static_cast<std::uint64_t>(id) - 1;
    auto i = guess < calls.size() && calls[guess].id == id
                 ? calls.begin() + static_cast<std::ptrdiff_t>(guess)
                 : std::ranges::find(calls, id, &call_state::id);
    if (i == calls.end())
      return nullptr;
    auto& call = out.calls[static_cast<std::size_t>(i - calls.begin())];
    return call.ended_ms ? nullptr : &call;
  }

  // -- subtasks ---------------------------------------------------------------

  void end(std::string_view task, std::uint32_t attempt, attempt_end how,
           std::string_view code = {}, std::string_view message = {}) {
    if (auto* a = find(task, attempt)) {
      a->end = how;
      a->ended_ms = whole.at_ms;
      a->code = code;
      a->message = message;
    }
  }

  void interrupt_attempts(std::int64_t at_ms) {
    for (auto& task : out.attempts)
      if (!task.empty() && task.back().end == attempt_end::open) {
        task.back().end = attempt_end::interrupted;
        task.back().ended_ms = std::max(at_ms, task.back().started_ms);
      }
  }

  void operator()(const events::plan_accepted&) {
    out.attempts.resize(out.state.tasks.size());
  }

  void operator()(const events::task_started& e) {
    auto* all = attempts_of(e.task);
    if (!all || (!all->empty() && all->back().attempt >= e.attempt))
      return;
    if (!all->empty() && !all->back().ended_ms) {
      all->back().end = attempt_end::interrupted;
      all->back().ended_ms = whole.at_ms;
    }
    attempt_history next;
    next.attempt = e.attempt;
    next.started_ms = whole.at_ms;
    all->push_back(std::move(next));
  }

  void operator()(const events::task_retried& e) {
    if (auto* a = find(e.task, e.attempt))
      a->delay_ms = e.delay_ms;
    end(e.task, e.attempt, attempt_end::retried, e.code, e.message);
  }

  void operator()(const events::task_succeeded& e) {
    end(e.task, e.attempt, attempt_end::succeeded);
  }

  void operator()(const events::task_failed& e) {
    end(e.task, e.attempt, attempt_end::failed, e.code, e.message);
  }

  void operator()(const events::task_cancelled& e) {
    end(e.task, e.attempt, attempt_end::cancelled, "cancelled", e.reason);
  }

  // -- calls ------------------------------------------------------------------

  void operator()(const events::call_intended& e) {
    if (out.calls.size() == out.state.calls.size())
      return;
    call_history call;
    call.epoch = e.epoch;
    call.intended_seq = whole.seq;
    call.started_ms = whole.at_ms;
    call.waited_ms = e.waited_ms;
    call.request_hash = e.request_hash;
    call.request = e.request;
    out.calls.push_back(std::move(call));
  }

  void operator()(const events::call_settled& e) {
    auto* call = find_open(e.id);
    if (!call)
      return;
    call->ended_seq = whole.seq;
    call->ended_ms = whole.at_ms;
    call->reply = e.reply;
    call->rule = e.rule;
    call->finish = e.finish;
    call->charged_tokens = e.charged_tokens;
    call->http_status = e.http_status;
    call->request_id = e.request_id;
  }

  void operator()(const events::call_in_doubt& e) {
    auto* call = find_open(e.id);
    if (!call)
      return;
    call->ended_seq = whole.seq;
    call->ended_ms = whole.at_ms;
    call->rule = money_rule::charge_in_full;
    call->charged_tokens = e.charged_tokens;
  }

  // -- lives ------------------------------------------------------------------

  void operator()(const events::run_suspended& e) {
    interrupt_attempts(whole.at_ms);
    out.lives.back().ended_by = e.reason.empty() ? "suspended" : e.reason;
  }

  void operator()(const events::run_resumed& e) {
    if (out.state.epoch == out.lives.back().epoch)
      return;
    interrupt_attempts(before_ms);
    if (out.lives.back().ended_by.empty())
      out.lives.back().ended_by = "lost";
    life_history next;
    next.epoch = e.epoch;
    next.begun_by = e.reason;
    next.started_ms = whole.at_ms;
    next.started_wall_ms = whole.wall_ms;
    out.lives.push_back(std::move(next));
  }

  void operator()(const events::run_finished&) {
    if (out.state.phase == run_phase::finished)
      out.lives.back().ended_by = "finished";
  }

  void operator()(const auto&) {
    // The state keeps all that it says.
  }
};

} // namespace

std::string_view to_string(attempt_end end) {
  return enum_text(end_names, end);
}

void run_history::apply(const event& e) {
  const bool late = state.phase == run_phase::finished
                    || (e.seq != 0 && e.seq <= state.last_seq);
  if (late)
    return;
  const auto before_ms = state.last_at_ms;
  state.apply(e);
  if (lives.empty())
    lives.push_back({1, {}, e.at_ms, e.wall_ms, e.at_ms, e.wall_ms, {}});
  std::visit(folder{*this, e, before_ms}, e.body);
  lives.back().last_ms = e.at_ms;
  lives.back().last_wall_ms = e.wall_ms;
}

} // namespace brigade::core
