#include "brigade/core/money/till.hpp"

#include <utility>

namespace brigade::core {

namespace {

reservation_id as_reservation(call_id id) {
  return static_cast<reservation_id>(id);
}

bool may_use_share(const purchase& what) {
  return what.role == call_role::synthesizer;
}

/// What is kept of an outcome so that it can be recalled.
events::call_settled describe(call_id id, const outcome& result,
                              money_rule rule, pico_usd charged) {
  events::call_settled settled;
  settled.id = id;
  settled.code = result.code;
  settled.rule = rule;
  settled.charged = charged;
  if (result.reply.usage) {
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

till::till(crew_ptr crew, pico_usd ceiling)
  : crew_(std::move(crew)), ledger_(ceiling) {
  // nop
}

std::optional<till_step> till::without_buying(ticket_id buyer,
                                              const purchase& what,
                                              std::int64_t now_ms) {
  using till_actions::refuse;
  const auto refused = [buyer](std::string code, std::string message) {
    return till_step{refuse{buyer, std::move(code), std::move(message)}};
  };
  auto& record = keys_[what.key];
  if (!record.request_hash.empty()
      && record.request_hash != what.request_hash)
    return refused("request_changed", "the call " + to_string(what.key)
                                        + " was asked again with another "
                                          "request; nothing was sent");
  if (record.paid)
    return till_step{till_actions::recall{buyer, *record.paid}};
  if (closed_)
    return refused("closed", "the run is ending; no more calls are made");
  if (record.in_flight) {
    // Whoever asked first is gone (a worker that died): the answer goes to
    // the newest buyer, and nothing is bought twice.
    auto& in_flight = flights_.at(*record.in_flight);
    if (!in_flight.abandoned) {
      in_flight.buyer = buyer;
      return till_step{};
    }
  }
  if (now_ms >= what.deadline_ms)
    return refused("deadline", "the deadline of the call "
                                 + to_string(what.key) + " has passed");
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
  const auto* model = find_model(*crew_, what.call->model);
  if (model == nullptr || !model->price)
    return {till_actions::refuse{
      buyer, "no_price",
      "model \"" + what.call->model
        + "\" has no price, so its cost cannot be bounded; add "
          "input_usd_per_mtok and output_usd_per_mtok to its table"}};
  const auto amount = price_worst_case(*model, *what.call);
  const auto order = what.order;
  till_step out;
  // Behind whoever already waits with a lower or equal place in the plan.
  waiting_.emplace(order, waiting{buyer, std::move(what), amount});
  admit(out, now_ms);
  return out;
}

pico_usd till::price_worst_case(const model_spec& model,
                                const prepared_call& call) const {
  const auto input_tokens_max
    = std::uint64_t{call.body.str().size()} + model.overhead_tokens;
  return worst_case(*model.price, input_tokens_max, call.output_tokens_max);
}

/// Grants waiting purchases in plan order until one must go on waiting. One
/// that cannot fit even if everything in flight came back for free is refused.
void till::admit(till_step& out, std::int64_t now_ms) {
  while (!waiting_.empty()) {
    auto next = waiting_.begin();
    auto& w = next->second;
    if (now_ms >= w.what.deadline_ms) {
      out.push_back(till_actions::refuse{
        w.buyer, "deadline",
        "the deadline of the call " + to_string(w.what.key)
          + " passed while it waited for money"});
    } else if (w.amount <= ledger_.available(may_use_share(w.what))) {
      auto granted = std::move(w);
      waiting_.erase(next);
      out.push_back(grant(std::move(granted)));
      continue;
    } else if (w.amount
               > ledger_.available_at_best(may_use_share(w.what))
               || flights_.empty()) {
      out.push_back(over_budget(w));
    } else {
      return;
    }
    waiting_.erase(next);
  }
}

till_actions::refuse till::over_budget(const waiting& w) const {
  return {w.buyer, "over_budget",
          "the call " + to_string(w.what.key) + " could cost up to $"
            + to_decimal(w.amount) + " but only $"
            + to_decimal(ledger_.available_at_best(may_use_share(w.what)))
            + " of the ceiling of $" + to_decimal(ledger_.ceiling())
            + " is left; raise limits.cost_usd or use a cheaper model"};
}

till_actions::send_call till::grant(waiting w) {
  const call_id id{++last_id_};
  auto& record = keys_[w.what.key];
  record.request_hash = w.what.request_hash;
  record.in_flight = id;
  ++record.tries;
  if (!w.what.task.empty())
    ++calls_of_task_[w.what.task];
  const bool fits = ledger_.reserve(as_reservation(id), w.amount,
                                    may_use_share(w.what));
  static_cast<void>(fits); // `admit` has just compared it.
  events::call_intended intent;
  intent.id = id;
  intent.key = w.what.key;
  intent.role = w.what.role;
  intent.task = w.what.task;
  intent.attempt = w.what.attempt;
  intent.try_no = record.tries;
  intent.model = w.what.call->model;
  intent.request_hash = w.what.request_hash;
  intent.reserved = w.amount;
  till_actions::send_call action{std::move(intent), w.what.call,
                                 w.what.deadline_ms};
  flights_.emplace(id, flight{std::move(w.what), w.amount, w.buyer});
  return action;
}

till_step till::tried(call_id id, const outcome& result,
                      std::int64_t now_ms) {
  auto i = flights_.find(id);
  if (i == flights_.end())
    return {};
  auto landed = std::move(i->second);
  flights_.erase(i);
  const auto* model = find_model(*crew_, landed.what.call->model);
  const auto rule = money_rule_of(result, model->unbilled_statuses);
  pico_usd charged;
  switch (rule) {
    case money_rule::settle:
      charged = cost_of(*model->price, *result.reply.usage);
      break;
    case money_rule::charge_in_full:
      charged = landed.reserved;
      break;
    case money_rule::release:
      break;
  }
  const auto excess = ledger_.settle(as_reservation(id), charged);
  till_actions::settle_call action;
  action.settled = describe(id, result, rule, charged);
  action.result = result;
  action.buyer = landed.buyer;
  if (excess && excess->value > 0) {
    stopped_models_.insert(landed.what.call->model);
    action.breach = events::budget_breached{id, landed.what.call->model,
                                            landed.reserved, charged};
  }
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

void till::keep_back(pico_usd share) {
  ledger_.keep_back(share);
}

till_step till::abandon(const std::string& task) {
  std::erase_if(waiting_, [&task](const auto& entry) {
    return entry.second.what.task == task;
  });
  till_step out;
  for (auto& [id, in_flight] : flights_) {
    if (in_flight.what.task != task)
      continue;
    in_flight.buyer.reset();
    in_flight.abandoned = true;
    out.push_back(till_actions::cancel_call{id});
  }
  return out;
}

till_step till::close() {
  closed_ = true;
  till_step out;
  for (auto& [order, w] : waiting_)
    out.push_back(till_actions::refuse{
      w.buyer, "closed", "the run is ending; no more calls are made"});
  waiting_.clear();
  for (auto& [id, in_flight] : flights_) {
    in_flight.buyer.reset();
    out.push_back(till_actions::cancel_call{id});
  }
  return out;
}

bool till::is_wanted(call_id id) const {
  auto i = flights_.find(id);
  return i != flights_.end() && !i->second.abandoned;
}

till_step till::give_up() {
  till_step out;
  for (auto& [id, in_flight] : flights_) {
    static_cast<void>(ledger_.settle(as_reservation(id), in_flight.reserved));
    out.push_back(till_actions::doubt{events::call_in_doubt{
      id, in_flight.reserved,
      "the try did not end in time after its cancel"}});
  }
  flights_.clear();
  return out;
}

} // namespace brigade::core
