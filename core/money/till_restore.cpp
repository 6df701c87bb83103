// The books of a run again, from its events. What a till buys stands in
// till.cpp.

#include "brigade/core/money/till.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <utility>

namespace brigade::core {

/// Folds the events of money; `open` holds what has not ended.
struct till::restorer {
  till& into;
  std::map<call_id, events::call_intended> open;
  bool changes_accepted = false;

  void operator()(const events::call_intended& e) {
    into.last_id_ = std::max(into.last_id_, static_cast<std::uint64_t>(e.id));
    auto& record = into.keys_[e.key];
    // Another request under the same key: changes were accepted in between.
    if (record.request_hash != e.request_hash)
      record.paid.reset();
    record.request_hash = e.request_hash;
    record.tries = std::max(record.tries, e.try_no);
    if (!e.task.empty())
      ++into.calls_of_task_[e.task];
    open.emplace(e.id, e);
  }

  void operator()(const events::call_settled& e) {
    const auto call = open.extract(e.id);
    if (call.empty())
      return;
    const auto& intent = call.mapped();
    into.ledger_.charge(
        {e.charged, e.charged_tokens, e.charged_calls, e.charged_tasks});
    if (e.rule == money_rule::settle && intent.nested_run.empty())
      into.estimates_[intent.model].learn(intent.worst_case, e.charged);
    if (e.code != outcome_code::ok)
      return;
    outcome paid;
    paid.code = e.code;
    paid.reply.text = e.reply;
    paid.reply.finish = e.finish;
    if (e.usage_known)
      paid.reply.usage = e.tokens;
    paid.http_status = e.http_status;
    paid.request_id = e.request_id;
    into.keys_[intent.key].paid = std::move(paid);
  }

  void operator()(const events::call_in_doubt& e) {
    const auto call = open.extract(e.id);
    if (call.empty())
      return;
    into.ledger_.charge(
        {e.charged, e.charged_tokens, e.charged_calls, e.charged_tasks});
    into.keys_[call.mapped().key].in_doubt = true;
  }

  void operator()(const events::budget_breached& e) {
    into.stopped_models_.insert(e.model);
  }

  void operator()(const events::budget_warned& e) {
    // What was warned of is not warned of again.
    const auto& shares = into.crew_->limits.warn_at_percent;
    const auto meter = e.ceiling == "cost"     ? 0U
                       : e.ceiling == "tokens" ? 1U
                                               : 2U;
    auto& next = into.warned_.at(meter);
    while (next < shares.size() && shares[next] <= e.percent)
      ++next;
  }

  void operator()(const events::run_resumed& e) {
    changes_accepted = changes_accepted || e.changes_accepted;
  }

  void operator()(const auto&) {
    // Not about money.
  }
};

void till::restore(const std::vector<event_ptr>& past) {
  restorer fold{*this, {}, false};
  for (const auto& e : past)
    std::visit(fold, e->body);
  if (fold.changes_accepted)
    for (auto& [key, record] : keys_)
      record.may_change = true;
  for (auto& [id, intent] : fold.open) {
    // Only nested runs are left open by whoever wrote `run.resumed`.
    flight in_flight;
    in_flight.what.key = intent.key;
    in_flight.what.role = intent.role;
    in_flight.what.task = intent.task;
    in_flight.what.attempt = intent.attempt;
    in_flight.what.request_hash = intent.request_hash;
    in_flight.what.epoch = options_.epoch;
    prepared_call call;
    call.model = intent.model;
    call.role = intent.role;
    call.nested = std::make_shared<const run_order>();
    in_flight.what.call =
        std::make_shared<const prepared_call>(std::move(call));
    in_flight.reserved = {{intent.reserved, intent.reserved_tokens,
                           intent.reserved_calls, intent.reserved_tasks},
                          intent.worst_case};
    // It fitted when it was granted; a lower ceiling does not undo that.
    ledger_.hold(static_cast<reservation_id>(id), in_flight.reserved.amount);
    keys_[intent.key].in_flight = id;
    flights_.emplace(id, std::move(in_flight));
  }
}

} // namespace brigade::core
