#include "brigade/core/money/till.hpp"

#include <utility>

namespace brigade::core {

namespace {

reservation_id as_reservation(call_id id) {
  return static_cast<reservation_id>(id);
}

/// What is kept of an outcome so that it can be recalled.
events::call_settled describe(call_id id, const outcome& result,
                              money_rule rule, const allowance& charged,
                              bool usage_known) {
  events::call_settled settled;
  settled.id = id;
  settled.code = result.code;
  settled.rule = rule;
  settled.charged = charged.cost;
  settled.charged_tokens = charged.tokens;
  settled.charged_calls = charged.calls;
  settled.charged_tasks = charged.tasks;
  if (result.reply.usage && usage_known) {
    settled.tokens = *result.reply.usage;
    settled.usage_known = true;
  }
  settled.finish = result.reply.finish;
  settled.reply = result.reply.text;
  settled.message = result.message;
  settled.http_status = result.http_status;
  settled.request_id = result.request_id;
  return settled;
}

} // namespace

till::till(crew_ptr crew, till_options options)
    : crew_(std::move(crew)), options_(std::move(options)),
      ledger_(options_.ceiling) {
  // nop
}

std::optional<till_step> till::without_buying(ticket_id buyer,
                                              const purchase& what,
                                              std::int64_t now_ms) {
  using till_actions::refuse;
  const auto refused = [buyer](std::string code, std::string message) {
    return till_step{refuse{buyer, std::move(code), std::move(message)}};
  };
  if (what.epoch != options_.epoch)
    return refused("stale_epoch", "the call " + to_string(what.key)
                                      + " belongs to an earlier life of its "
                                        "run; nothing was sent");
  auto& record = keys_[what.key];
  if (record.may_change && record.request_hash != what.request_hash)
    record = {record.tries, {}, {}, {}}; // Accepted: it is another call now.
  if (!record.request_hash.empty() && record.request_hash != what.request_hash)
    return refused("request_changed", "the call " + to_string(what.key)
                                          + " was asked again with another "
                                            "request; nothing was sent");
  if (record.paid)
    return till_step{till_actions::recall{buyer, *record.paid}};
  if (record.in_doubt && crew_->limits.in_doubt == in_doubt_policy::fail)
    return refused("in_doubt",
                   "the call " + to_string(what.key)
                       + " was in flight when the process died, so it may "
                         "have been answered; it is not made again "
                         "(limits.in_doubt)");
  if (closed_)
    return refused("closed", "the run is ending; no more calls are made");
  if (record.in_flight) {
    // Whoever asked first is gone (a worker that died): the answer goes to
    // the newest buyer, and nothing is bought twice.
    auto& in_flight = flights_.at(*record.in_flight);
    if (!in_flight.abandoned) {
      in_flight.buyer = buyer;
      in_flight.what.attempt = what.attempt;
      return till_step{};
    }
  }
  if (now_ms >= what.deadline_ms)
    return refused("deadline", "the deadline of the call " + to_string(what.key)
                                   + " has passed");
  if (stopped_models_.contains(what.call->model))
    return refused("model_stopped",
                   "model \"" + what.call->model
                       + "\" billed more than was reserved; it is not used "
                         "again in this run");
  if (!what.task.empty()
      && calls_of_task_[what.task] >= crew_->limits.calls_per_task_max)
    return refused("calls_exhausted",
                   "subtask " + what.task + " used its "
                       + std::to_string(crew_->limits.calls_per_task_max)
                       + " calls (limits.calls_per_task_max)");
  return std::nullopt;
}

till_step till::buy(ticket_id buyer, purchase what, std::int64_t now_ms) {
  if (auto answer = without_buying(buyer, what, now_ms))
    return std::move(*answer);
  if (auto why = no_price(*what.call))
    return {till_actions::refuse{buyer, "no_price", std::move(*why)}};
  const auto needs = bound_of(what);
  const auto order = what.order;
  till_step out;
  // Behind whoever already waits with a lower or equal place in the plan.
  waiting_.emplace(order, waiting{buyer, std::move(what), needs, now_ms});
  admit(out, now_ms);
  return out;
}

/// Grants waiting purchases in plan order until one must go on waiting. One
/// that cannot fit even if everything in flight came back for free is refused.
void till::admit(till_step& out, std::int64_t now_ms) {
  while (!waiting_.empty()) {
    auto next = waiting_.begin();
    auto& w = next->second;
    // A nested run gets of its counts what is left when its turn comes.
    if (w.what.call->nested)
      w.needs = bound_of(w.what);
    // What held when it was asked for may not hold any more: another life of
    // its buyer may have bought it, its model may have been stopped.
    if (auto answer = without_buying(w.buyer, w.what, now_ms)) {
      for (auto& action : *answer)
        out.push_back(std::move(action));
    } else if (fits(w.needs.amount, ledger_.available(may_use_share(w.what)))) {
      auto granted = std::move(w);
      waiting_.erase(next);
      out.push_back(grant(std::move(granted), now_ms));
      continue;
    } else if (flights_.empty()
               || !fits(w.needs.amount,
                        ledger_.available_at_best(may_use_share(w.what)))) {
      out.push_back(over_budget(w));
    } else {
      return;
    }
    waiting_.erase(next);
  }
}

till_actions::send_call till::grant(waiting w, std::int64_t now_ms) {
  const call_id id{++last_id_};
  auto& record = keys_[w.what.key];
  record.request_hash = w.what.request_hash;
  record.in_flight = id;
  ++record.tries;
  if (!w.what.task.empty())
    ++calls_of_task_[w.what.task];
  const bool reserved = ledger_.reserve(as_reservation(id), w.needs.amount,
                                        may_use_share(w.what));
  static_cast<void>(reserved); // `admit` has just compared it.
  events::call_intended intent;
  intent.id = id;
  intent.key = w.what.key;
  intent.role = w.what.role;
  intent.task = w.what.task;
  intent.attempt = w.what.attempt;
  intent.try_no = record.tries;
  intent.model = w.what.call->model;
  intent.request_hash = w.what.request_hash;
  intent.reserved = w.needs.amount.cost;
  intent.reserved_tokens = w.needs.amount.tokens;
  intent.worst_case = w.needs.worst_case;
  intent.epoch = options_.epoch;
  intent.waited_ms = now_ms - w.asked_ms;
  intent.reserved_calls = w.needs.amount.calls;
  intent.reserved_tasks = w.needs.amount.tasks;
  if (w.what.call->nested)
    intent.nested_run =
        nested_run_id(options_.run, w.what.key, record.tries).text;
  else
    intent.request = w.what.call->body;
  till_actions::send_call action{std::move(intent), w.what.call,
                                 w.what.deadline_ms, w.needs.amount};
  flights_.emplace(id, flight{std::move(w.what), w.needs, w.buyer});
  return action;
}

till_step till::tried(call_id id, const outcome& result, std::int64_t now_ms) {
  auto i = flights_.find(id);
  if (i == flights_.end())
    return {};
  auto landed = std::move(i->second);
  flights_.erase(i);
  const bool usage_known = is_possible(result, *landed.what.call);
  const auto* model = find_model(*crew_, landed.what.call->model);
  auto rule = model != nullptr ? money_rule_of(result, model->unbilled_statuses)
                               : money_rule_of(result);
  if (rule == money_rule::settle && !usage_known)
    rule = money_rule::charge_in_full;
  const auto charged = charge_of(landed, result, rule);
  const auto excess = ledger_.settle(as_reservation(id), charged);
  till_actions::settle_call action;
  action.settled = describe(id, result, rule, charged, usage_known);
  action.result = result;
  action.buyer = landed.buyer;
  // Above an estimate is no breach as long as the worst case holds; tokens are
  // always reserved at theirs.
  const auto& held = landed.reserved.amount;
  if (excess
      && (charged.cost > landed.reserved.worst_case
          || charged.tokens > held.tokens)) {
    stopped_models_.insert(landed.what.call->model);
    action.breach = events::budget_breached{
        id,          landed.what.call->model, held.cost, charged.cost,
        held.tokens, charged.tokens};
  }
  action.warnings = warnings();
  auto& record = keys_[landed.what.key];
  if (record.in_flight == id)
    record.in_flight.reset();
  if (result.code == outcome_code::ok)
    record.paid = result;
  till_step out;
  out.push_back(std::move(action));
  admit(out, now_ms);
  return out;
}

void till::keep_back(const allowance& share, std::uint64_t tasks) {
  if (std::exchange(plan_counted_, true))
    return;
  ledger_.charge({{}, 0, 0, tasks});
  ledger_.keep_back(share);
}

till_step till::abandon(const std::string& task, std::uint32_t attempt,
                        std::int64_t now_ms) {
  const auto is_given_up = [&](const purchase& what) {
    return what.task == task && what.attempt <= attempt;
  };
  std::erase_if(waiting_, [&is_given_up](const auto& entry) {
    return is_given_up(entry.second.what);
  });
  till_step out;
  for (auto& [id, in_flight] : flights_) {
    if (!is_given_up(in_flight.what))
      continue;
    in_flight.buyer.reset();
    in_flight.abandoned = true;
    out.push_back(till_actions::cancel_call{id});
  }
  // Those behind what no longer waits.
  admit(out, now_ms);
  return out;
}

till_step till::close() {
  closed_ = true;
  till_step out;
  for (auto& [order, w] : waiting_)
    out.push_back(till_actions::refuse{
        w.buyer, "closed", "the run is ending; no more calls are made"});
  waiting_.clear();
  for (auto i = flights_.rbegin(); i != flights_.rend(); ++i) {
    i->second.buyer.reset();
    out.push_back(till_actions::cancel_call{i->first});
  }
  return out;
}

bool till::is_wanted(call_id id) const {
  auto i = flights_.find(id);
  return i != flights_.end() && !i->second.abandoned;
}

std::vector<call_id> till::in_flight() const {
  std::vector<call_id> ids;
  for (const auto& entry : flights_)
    ids.push_back(entry.first);
  return ids;
}

void till::set_aside(call_id id) {
  flights_.erase(id);
}

std::vector<events::call_in_doubt> till::give_up(bool suspended) {
  std::vector<events::call_in_doubt> doubts;
  for (auto& [id, in_flight] : flights_) {
    if (suspended && in_flight.what.call->nested)
      continue;
    const auto charged =
        charge_of(in_flight, outcome{}, money_rule::charge_in_full);
    static_cast<void>(ledger_.settle(as_reservation(id), charged));
    doubts.push_back({id, charged.cost,
                      "the try did not end in time after its cancel",
                      charged.tokens, charged.calls, charged.tasks});
  }
  flights_.clear();
  return doubts;
}

} // namespace brigade::core
