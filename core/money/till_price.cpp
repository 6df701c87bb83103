// What the till reserves and charges. What it buys stands in till.cpp.

#include "brigade/core/money/till.hpp"
#include "brigade/core/run/run_machine.hpp"

#include <algorithm>

namespace brigade::core {

namespace {

/// A usage above this is taken for nonsense: no model reads or writes as much
/// in one call.
constexpr std::uint64_t usage_tokens_max = 1'000'000'000;

/// What a nested crew gets of a count for which it has no ceiling of its own:
/// all that is left, so that it cannot exceed it either.
std::uint64_t slice_of(const std::optional<std::uint64_t>& own,
                       std::uint64_t left) {
  return own ? *own : std::max<std::uint64_t>(1, left);
}

} // namespace

bool is_possible(const outcome& result, const prepared_call& call) {
  if (result.bill)
    return true;
  if (!result.reply.usage)
    return false;
  const auto& tokens = *result.reply.usage;
  if (tokens.input_tokens > usage_tokens_max
      || tokens.output_tokens > usage_tokens_max
      || tokens.cached_input_tokens > tokens.input_tokens)
    return false;
  // Something was read, and what was written took tokens.
  return (tokens.input_tokens > 0 || call.body.empty())
         && (tokens.output_tokens > 0 || result.reply.text.empty());
}

std::optional<std::string> till::no_price(const prepared_call& call) const {
  if (call.nested)
    return std::nullopt;
  const auto* model = find_model(*crew_, call.model);
  if (model == nullptr)
    return "the crew has no model \"" + call.model + "\"";
  if (model->price_basis == price_basis::tokens_only) {
    if (options_.ceiling.tokens != unlimited)
      return std::nullopt;
    return "model \"" + call.model
           + "\" has no price and is bounded by tokens only, but the run has "
             "no ceiling on tokens; set limits.tokens_max";
  }
  if (model->price)
    return std::nullopt;
  return "model \"" + call.model
         + "\" has no price, so its cost cannot be bounded; add "
           "input_usd_per_mtok and output_usd_per_mtok to its table";
}

till::bound till::bound_of(const purchase& what) const {
  const auto& call = *what.call;
  if (call.nested) {
    const auto& own = call.nested->crew->limits;
    const auto left = ledger_.available(false);
    return {{own.cost, slice_of(own.tokens_max, left.tokens),
             slice_of(own.calls_max, left.calls),
             slice_of(own.tasks_total_max, left.tasks)},
            own.cost};
  }
  const auto& model = *find_model(*crew_, call.model);
  const auto input_tokens_max =
      std::uint64_t{call.body.str().size()} + model.overhead_tokens;
  const auto output_tokens_max =
      std::uint64_t{call.output_tokens_max} + model.reasoning_tokens_max;
  bound needs;
  needs.amount = {{}, input_tokens_max + output_tokens_max, 1, 0};
  if (model.price)
    needs.worst_case =
        worst_case(*model.price, input_tokens_max, output_tokens_max);
  needs.amount.cost = needs.worst_case;
  if (crew_->limits.estimate == estimate_kind::typical)
    if (auto learnt = estimates_.find(call.model); learnt != estimates_.end())
      needs.amount.cost = learnt->second.amount_for(needs.worst_case);
  return needs;
}

allowance till::charge_of(const flight& landed, const outcome& result,
                          money_rule rule) {
  const auto& call = *landed.what.call;
  switch (rule) {
  case money_rule::release:
    return {};
  case money_rule::charge_in_full: {
    auto all = landed.reserved.amount;
    all.cost = landed.reserved.worst_case;
    return all;
  }
  case money_rule::settle:
    break;
  }
  if (result.bill)
    return *result.bill;
  const auto& model = *find_model(*crew_, call.model);
  const auto& tokens = *result.reply.usage;
  allowance charged{{}, tokens.input_tokens + tokens.output_tokens, 1, 0};
  if (model.price)
    charged.cost = cost_of(*model.price, tokens);
  estimates_[call.model].learn(landed.reserved.worst_case, charged.cost);
  return charged;
}

till_actions::refuse till::over_budget(const waiting& w) const {
  const auto left = ledger_.available_at_best(may_use_share(w.what));
  const auto& needs = w.needs.amount;
  std::string could, left_text, limit;
  if (needs.cost > left.cost) {
    could = "cost up to $" + to_decimal(needs.cost);
    left_text = "$" + to_decimal(left.cost) + " of the ceiling of $"
                + to_decimal(ledger_.ceiling().cost);
    limit = "cost_usd or use a cheaper model";
  } else if (needs.tokens > left.tokens) {
    could = "take up to " + std::to_string(needs.tokens) + " tokens";
    left_text = std::to_string(left.tokens) + " of "
                + std::to_string(ledger_.ceiling().tokens);
    limit = "tokens_max";
  } else if (needs.calls > left.calls) {
    could = "take " + std::to_string(needs.calls) + " calls";
    left_text = std::to_string(left.calls) + " of "
                + std::to_string(ledger_.ceiling().calls);
    limit = "calls_max";
  } else {
    could = "take " + std::to_string(needs.tasks) + " subtasks";
    left_text = std::to_string(left.tasks) + " of "
                + std::to_string(ledger_.ceiling().tasks);
    limit = "tasks_total_max";
  }
  return {w.buyer, "over_budget",
          "the call " + to_string(w.what.key) + " could " + could + " but only "
              + left_text + " is left; raise limits." + limit};
}

std::vector<events::budget_warned> till::warnings() {
  const auto& spent = ledger_.spent();
  const auto& ceiling = ledger_.ceiling();
  struct meter {
    const char* name;
    std::uint64_t spent;
    std::uint64_t ceiling;
  };
  const std::array<meter, 3> meters{
      {{"cost", static_cast<std::uint64_t>(spent.cost.value),
        ceiling.cost == pico_usd::max()
            ? unlimited
            : static_cast<std::uint64_t>(ceiling.cost.value)},
       {"tokens", spent.tokens, ceiling.tokens},
       {"calls", spent.calls, ceiling.calls}}};
  const auto& shares = crew_->limits.warn_at_percent;
  std::vector<events::budget_warned> out;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    const auto& [name, used, limit] = meters[i];
    if (limit == unlimited || limit == 0)
      continue;
    // In hundredths, in floating point: a warning may be off by a rounding.
    const auto percent =
        static_cast<double>(used) / static_cast<double>(limit) * 100;
    while (warned_[i] < shares.size() && percent >= shares[warned_[i]])
      out.push_back({name, shares[warned_[i]++], spent.cost});
  }
  return out;
}

} // namespace brigade::core
