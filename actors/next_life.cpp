#include "brigade/actors/detail/next_life.hpp"

#include "brigade/actors/detail/nested_ends.hpp"
#include "brigade/core/model/digest.hpp"

#include <limits>
#include <utility>
#include <variant>

namespace brigade::actors::detail {

namespace {

/// A nested run that cost more than its slice breaches it here too (rule M7).
std::optional<core::events::budget_breached>
breach_of(const core::call_state& call, const core::event_body& end) {
  const auto* settled = std::get_if<core::events::call_settled>(&end);
  if (settled == nullptr
      || (settled->charged <= call.worst_case
          && settled->charged_tokens <= call.reserved_tokens))
    return std::nullopt;
  return core::events::budget_breached{
      call.id,          call.model,           call.reserved,
      settled->charged, call.reserved_tokens, settled->charged_tokens};
}

} // namespace

way_on way_of(const resume_run& asked) {
  const bool about_plan =
      asked.decision && asked.decision->kind != core::decision_kind::cancel;
  return {about_plan ? std::string{core::approval_reason} : asked.reason,
          asked.changes_accepted, true, asked.first};
}

bool only_ends(const resume_run& asked) {
  return asked.decision && asked.decision->kind != core::decision_kind::approve;
}

std::optional<std::string> fault_of_resume(const brigade_state& st,
                                           const resume_run& asked) {
  const auto& run = asked.order.id;
  const auto log =
      st.port->read(run, 0, std::numeric_limits<std::size_t>::max());
  if (log.empty())
    return "run " + run.text + " is not in the journal";
  if (std::holds_alternative<core::events::run_finished>(log.back()->body))
    return "run " + run.text + " has ended; there is nothing to continue";
  if (!asked.decision || asked.decision->kind == core::decision_kind::cancel)
    return std::nullopt;
  core::run_state state;
  for (const auto& e : log)
    state.apply(*e);
  if (!state.awaits_approval())
    return "run " + run.text + " does not wait for approval";
  return std::nullopt;
}

std::optional<core::approval_decision>
decision_for(const brigade_state::live_run& run, const core::run_state& state) {
  const auto& given = run.decision;
  const bool still_due = given
                         && (given->kind == core::decision_kind::cancel
                             || state.awaits_approval());
  return still_due ? given : std::nullopt;
}

void write_news(self_ptr self, const brigade_state::live_run& run,
                const way_on& way, next_life& life) {
  const auto write = [&](core::event_body body) {
    life.news.push_back(life.context->stamp(std::move(body), now(self)));
  };
  core::events::run_resumed resumed;
  const auto ceiling = core::ceiling_of(run.order);
  resumed.epoch = life.context->epoch;
  resumed.reason = way.reason;
  resumed.ceiling = ceiling.cost;
  if (ceiling.tokens != core::unlimited)
    resumed.tokens_max = ceiling.tokens;
  if (ceiling.calls != core::unlimited)
    resumed.calls_max = ceiling.calls;
  resumed.deadline_ms = core::deadline_of(run.order);
  if (run.order.source)
    resumed.crew_hash = core::sha256_hex(run.order.source->crew);
  resumed.changes_accepted = way.changes_accepted;
  if (way.changes_accepted && run.order.inputs)
    resumed.inputs = core::infos_of(*run.order.inputs);
  write(std::move(resumed));
  for (const auto& call : life.state.calls) {
    if (call.settled)
      continue;
    if (!call.nested_run.empty()) {
      auto end = end_of_nested(self, run.order, life.state, call);
      if (end.event) {
        const auto over = breach_of(call, *end.event);
        write(std::move(*end.event));
        if (over)
          write(*over);
      } else {
        life.nested.push_back(
            {std::move(*end.goes_on), call.id,
             life.state.changes_accepted || way.changes_accepted});
      }
      continue;
    }
    write(core::events::call_in_doubt{
        call.id, call.worst_case,
        "it was in flight when the run's actors ended", call.reserved_tokens});
  }
}

} // namespace brigade::actors::detail
