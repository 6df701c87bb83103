// M1, M4, M6, M7 and the warnings: what the events say of money. The provider's
// side stands in bills.cpp.

#include "books.hpp"
#include "prices.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace brigade::testkit::detail {

namespace {

using core::outcome_code;

/// Nothing of such a try has left the machine.
bool was_never_sent(outcome_code code) {
  return code == outcome_code::connect_failed
         || code == outcome_code::connect_timeout
         || code == outcome_code::tls_failed || code == outcome_code::not_sent;
}

/// The code says that a complete answer with a status arrived.
bool is_answer(outcome_code code) {
  return code == outcome_code::rate_limited
         || code == outcome_code::quota_exhausted
         || code == outcome_code::overloaded
         || code == outcome_code::server_error
         || code == outcome_code::unauthorized
         || code == outcome_code::not_found || code == outcome_code::bad_request
         || code == outcome_code::request_too_large
         || code == outcome_code::reply_malformed;
}

bool is_unbilled(const core::model_spec* model, int status) {
  return model != nullptr && status != 0
         && std::find(model->unbilled_statuses.begin(),
                      model->unbilled_statuses.end(), status)
                != model->unbilled_statuses.end();
}

std::string text(wide amount) {
  return std::to_string(in_range(amount));
}

} // namespace

void books::open_books(run_book& run, const core::events::run_submitted& e) {
  if (run.unknown)
    return;
  if (e.ceiling.value > run.most.cost)
    report("M1", run, "the run's ceiling is above that of its order");
  const auto above = [](const std::optional<std::uint64_t>& got,
                        std::uint64_t most) {
    return most != no_ceiling && (!got || *got > most);
  };
  if (above(e.tokens_max, run.most.tokens))
    report("M1", run, "the ceiling on tokens is above that of the order");
  if (above(e.calls_max, run.most.calls))
    report("M1", run, "the ceiling on calls is above that of the order");
  run.most.cost = e.ceiling.value;
  run.most.tokens = e.tokens_max.value_or(no_ceiling);
  run.most.calls = e.calls_max.value_or(no_ceiling);
}

void books::intend(run_book& run, call_book& call,
                   const core::events::call_intended& e) {
  check_undecided(run, "a call is bought", true);
  call.reserved = e.reserved.value;
  call.worst_case = e.worst_case.value;
  call.reserved_tokens = e.reserved_tokens;
  if (e.reserved.value < 0 || e.reserved > e.worst_case
      || (!run.typical && e.reserved < e.worst_case))
    report("M3", run, "the reservation is not the call's worst case");
  run.reserved += e.reserved.value;
  run.reserved_tokens += e.reserved_tokens;
  ++run.open_calls;
  if (run.is_top)
    top_reserved += e.reserved.value;
  if (call.role == core::call_role::synthesizer) {
    run.synth_cost += e.reserved.value;
    run.synth_tokens += e.reserved_tokens;
  }
  if (call.nested)
    run.has_nested = true;
  else
    for (auto at = place_of(run); at != none; at = runs[at].parent)
      ++runs[at].calls_used;
  check_turn(run, call, e.waited_ms);
  for (const auto& model : run.breached_models)
    if (model == e.model)
      report("M7", run,
             "model " + quoted(e.model) + " is used again after its breach");
  for (auto at = place_of(run); at != none; at = runs[at].parent)
    if (!runs[at].breached && runs[at].calls_used > runs[at].most.calls)
      report("M1", runs[at],
             "more calls than " + std::to_string(runs[at].most.calls));
  check_share(run, call);
  check_ceilings(run);
}

void books::check_ceilings(run_book& run) {
  if (run.breached || run.breach_due != none || run.unknown)
    return;
  if (!run.typical && run.spent + run.reserved > run.most.cost)
    report("M1", run,
           "spent " + text(run.spent) + " and reserved " + text(run.reserved)
               + " exceed the ceiling " + std::to_string(run.most.cost));
  if (run.most.tokens != no_ceiling
      && run.spent_tokens + run.reserved_tokens > wide{run.most.tokens})
    report("M1", run,
           "tokens exceed the ceiling of " + std::to_string(run.most.tokens));
  if (options.process_ceiling && !any_breach && !run.typical
      && top_spent - earlier_spent + top_reserved - earlier_reserved
             > options.process_ceiling->value)
    report("M1", run, "the runs exceed the ceiling of the process");
}

void books::check_share(run_book& run, const call_book& call) {
  if (!run.plan || run.order_changed || run.breached || run.typical
      || run.breach_due != none)
    return;
  if (call.role == core::call_role::synthesizer) {
    if (call.worst_case > run.share || call.reserved_tokens > run.share_tokens)
      report("M6", run,
             "the synthesis share is below what the synthesizer "
             "may need");
    return;
  }
  if (run.spent + run.reserved - run.synth_cost
      > wide{run.most.cost} - wide{run.share})
    report("M6", run, "the call takes from the synthesis share");
  if (run.most.tokens != no_ceiling
      && run.spent_tokens + run.reserved_tokens - run.synth_tokens
             > wide{run.most.tokens} - wide{run.share_tokens})
    report("M6", run, "the call takes tokens from the synthesis share");
}

void books::end_call(run_book& run, call_book& call, std::int64_t charged,
                     std::uint64_t tokens) {
  call.ended = true;
  call.charged = charged;
  --run.open_calls;
  if (run.ends_due > 0 && call.orphaned && !call.nested)
    --run.ends_due;
  if (run.is_top && call.of_earlier_process) {
    earlier_reserved -= call.reserved;
    earlier_spent += charged;
  }
  run.reserved -= call.reserved;
  run.reserved_tokens -= call.reserved_tokens;
  run.spent += charged;
  run.spent_tokens += tokens;
  if (run.is_top) {
    top_reserved -= call.reserved;
    top_spent += charged;
  }
  if (call.role == core::call_role::synthesizer) {
    run.synth_cost += wide{charged} - call.reserved;
    run.synth_tokens += wide{tokens} - wide{call.reserved_tokens};
  }
  if (call.released) {
    if (!call.nested)
      for (auto at = place_of(run); at != none; at = runs[at].parent)
        --runs[at].calls_used;
  } else {
    ++run.calls_ended;
  }
}

/// Purchases are granted in the order of the plan: nobody who asked while this
/// one waited may have come before it from further behind.
void books::check_turn(run_book& run, const call_book& call,
                       std::int64_t waited_ms) {
  if (call.task == none || waited_ms <= 0)
    return;
  const auto asked_ms = call.at_ms - waited_ms;
  for (auto other = run.calls.rbegin(); other != run.calls.rend(); ++other) {
    if (other->at_ms <= asked_ms)
      return;
    if (other->task != none && other->task > call.task
        && other->at_ms < call.at_ms)
      report("order", run,
             "a later subtask was granted a call while an earlier one waited");
  }
}

void books::settle(run_book& run, const core::events::call_settled& e) {
  auto* call = find_call(run, e.id);
  if (call == nullptr || call->ended) {
    report("M4", run,
           call == nullptr ? "a call ends that was never intended"
                           : "a call ends twice");
    return;
  }
  check_charge(run, *call, e);
  call->released = e.rule == core::money_rule::release;
  call->ok = e.code == outcome_code::ok;
  call->code = e.code;
  call->ended_ms = now->at_ms;
  // What was billed above all that could be known of is no book's fault.
  const auto over = call->billed - std::max(call->worst_case, e.charged.value);
  if (call->answered && call->billed > call->reserved) {
    const auto before = wide{call->billed} - call->reserved;
    const auto after = e.rule == core::money_rule::charge_in_full && over > 0
                           ? wide{over}
                           : wide{0};
    run.excess += after - before;
    excess += after - before;
  }
  end_call(run, *call, e.charged.value, e.charged_tokens);
  if (call->answered)
    run.billed_for_ended += call->billed;
  if (e.charged.value > call->worst_case
      || e.charged_tokens > call->reserved_tokens)
    run.breach_due = static_cast<std::uint32_t>(call - run.calls.data());
  // What a life left open is ended by whoever begins the next one; its till
  // warns with what it settles first.
  run.warnings_due = run.warnings_due || !call->orphaned;
  if (!run.above_ceiling)
    check_ceilings(run);
  check_bills(run);
}

void books::check_charge(run_book& run, const call_book& call,
                         const core::events::call_settled& e) {
  const auto wrong = [&](const std::string& what) {
    report("M4", run,
           what + " (code " + std::string{to_string(e.code)} + ", charged "
               + std::to_string(e.charged.value) + ")");
  };
  switch (e.rule) {
  case core::money_rule::release:
    if (e.charged.value != 0 || e.charged_tokens != 0)
      wrong("a released try is charged");
    if (!was_never_sent(e.code)
        && !(is_answer(e.code) && is_unbilled(call.model, e.http_status)))
      wrong("a try is released that may be billed");
    if (call.billed != 0)
      wrong("a try is released that was billed");
    if (call.child != none && runs[call.child].spent != 0)
      wrong("a nested run is released that has spent");
    break;
  case core::money_rule::charge_in_full:
    if (e.charged.value != call.worst_case
        || e.charged_tokens != call.reserved_tokens)
      wrong("a try in doubt is not charged its worst case");
    if (was_never_sent(e.code))
      wrong("a try is charged that was never sent");
    if (e.code == outcome_code::ok && e.usage_known)
      wrong("a try is charged in full though its usage is known");
    break;
  case core::money_rule::settle:
    if (call.nested) {
      check_child(run, call, e.charged.value, e.charged_tokens);
      break;
    }
    if (!e.usage_known || e.code != outcome_code::ok)
      wrong("a try is settled without usage");
    if (call.model != nullptr
        && (e.charged.value != in_range(price_of(*call.model, e.tokens))
            || wide{e.charged_tokens}
                   != wide{e.tokens.input_tokens}
                          + wide{e.tokens.output_tokens}))
      wrong("the charge is not what the usage costs");
    break;
  }
}

void books::check_child(run_book& run, const call_book& call,
                        std::int64_t charged, std::uint64_t tokens) {
  if (call.child == none) {
    if (charged != 0 && !run.journal_broken)
      report("M4", run, "a nested run is charged that never began");
    return;
  }
  const auto& child = runs[call.child];
  if (child.journal_broken || child.breach_due != none)
    return;
  const auto child_tokens = std::min(
      child.spent_tokens, wide{std::numeric_limits<std::uint64_t>::max()});
  if (child.spent != charged || child_tokens != wide{tokens})
    report("M4", run,
           "the nested run " + child.id.text + " spent " + text(child.spent)
               + " and " + text(child_tokens) + " tokens but is charged "
               + std::to_string(charged) + " and " + std::to_string(tokens));
}

void books::doubt(run_book& run, const core::events::call_in_doubt& e) {
  auto* call = find_call(run, e.id);
  if (call == nullptr || call->ended) {
    report("M4", run,
           call == nullptr ? "a call ends that was never intended"
                           : "a call ends twice");
    return;
  }
  if (e.charged.value != call->worst_case
      || e.charged_tokens != call->reserved_tokens)
    report("M4", run, "a try in doubt is not charged its worst case");
  call->doubted = true;
  // A till waits for seconds before it gives a try up.
  constexpr std::int64_t on_its_way_ms = 1000;
  if (!lossy && !call->orphaned && excused_ms == 0 && !run.journal_broken
      && call->answered_ms != std::numeric_limits<std::int64_t>::max()
      && call->answered_ms + on_its_way_ms < now->at_ms + run.start_at_most_ms)
    report("M4", run, "a try is in doubt though the provider has answered it");
  if (call->answered && call->billed > call->reserved) {
    const auto over = std::max(wide{0}, wide{call->billed} - call->worst_case);
    const auto before = wide{call->billed} - call->reserved;
    run.excess += over - before;
    excess += over - before;
  }
  end_call(run, *call, e.charged.value, e.charged_tokens);
  if (call->answered)
    run.billed_for_ended += call->billed;
  if (!run.above_ceiling)
    check_ceilings(run);
  check_bills(run);
}

void books::breach(run_book& run, const core::events::budget_breached& e) {
  auto* call = find_call(run, e.id);
  const auto place = call == nullptr
                         ? none
                         : static_cast<std::uint32_t>(call - run.calls.data());
  if (place == none || run.breach_due != place) {
    report("M7", run, "a breach without a bill above its reservation");
    return;
  }
  run.breach_due = none;
  run.breached = any_breach = true;
  run.breached_models.push_back(e.model);
  if (e.model != call->model_name || e.reserved.value != call->reserved
      || e.charged.value != call->charged)
    report("M7", run, "the breach does not say what happened");
}

} // namespace brigade::testkit::detail
