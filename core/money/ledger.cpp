#include "brigade/core/money/ledger.hpp"

#include <cassert>

namespace brigade::core {

namespace {

bool has_no_bound(const allowance& amount) {
  return amount.tokens == unlimited || amount.calls == unlimited
         || amount.tasks == unlimited;
}

} // namespace

allowance ledger::available(bool may_use_share) const {
  return available_at_best(may_use_share) - reserved_;
}

allowance ledger::available_at_best(bool may_use_share) const {
  const auto left = ceiling_ - spent_;
  return may_use_share ? left : left - kept_back_;
}

bool ledger::reserve(reservation_id id, const allowance& amount,
                     bool may_use_share) {
  assert(amount.cost.value >= 0);
  if (!fits(amount, available(may_use_share)))
    return false;
  // What is taken from the share is no longer kept back; it returns when the
  // reservation ends for less.
  const auto from_share = may_use_share ? min(kept_back_, amount) : allowance{};
  if (!reservations_.emplace(id, reservation{amount, from_share}).second)
    return false;
  kept_back_ = kept_back_ - from_share;
  reserved_ = reserved_ + amount;
  return true;
}

void ledger::hold(reservation_id id, const allowance& amount) {
  if (reservations_.emplace(id, reservation{amount, {}}).second)
    reserved_ = reserved_ + amount;
}

std::optional<allowance> ledger::settle(reservation_id id,
                                        const allowance& amount) {
  assert(amount.cost.value >= 0);
  auto i = reservations_.find(id);
  if (i == reservations_.end())
    return std::nullopt;
  const auto held = i->second;
  reservations_.erase(i);
  reserved_ = reserved_ - held.amount;
  // From a sum without bound nothing can be taken: it is made again.
  if (has_no_bound(held.amount)) {
    reserved_ = {};
    for (const auto& entry : reservations_)
      reserved_ = reserved_ + entry.second.amount;
  }
  spent_ = spent_ + amount;
  kept_back_ = kept_back_ + min(held.amount - amount, held.from_share);
  return amount - held.amount;
}

std::optional<allowance> ledger::reserved_for(reservation_id id) const {
  auto i = reservations_.find(id);
  if (i == reservations_.end())
    return std::nullopt;
  return i->second.amount;
}

} // namespace brigade::core
