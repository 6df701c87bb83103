#include "brigade/core/money/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace brigade::core {

void ledger::keep_back(pico_usd amount) {
  kept_back_ = std::max(pico_usd{0}, amount);
}

pico_usd ledger::available(bool may_use_share) const {
  auto left = ceiling_ - spent_ - reserved_;
  if (!may_use_share)
    left -= kept_back_;
  return std::max(pico_usd{0}, left);
}

pico_usd ledger::available_at_best(bool may_use_share) const {
  auto left = ceiling_ - spent_;
  if (!may_use_share)
    left -= kept_back_;
  return std::max(pico_usd{0}, left);
}

bool ledger::reserve(reservation_id id, pico_usd amount, bool may_use_share) {
  assert(amount.value >= 0);
  if (amount > available(may_use_share))
    return false;
  // What is taken from the share is no longer kept back; it returns when the
  // reservation ends for less.
  const auto from_share = may_use_share ? std::min(kept_back_, amount)
                                        : pico_usd{0};
  if (!reservations_.emplace(id, reservation{amount, from_share}).second)
    return false;
  kept_back_ -= from_share;
  reserved_ += amount;
  assert(amount.value == 0 || spent_ + reserved_ <= ceiling_);
  return true;
}

std::optional<pico_usd> ledger::settle(reservation_id id, pico_usd amount) {
  assert(amount.value >= 0);
  auto i = reservations_.find(id);
  if (i == reservations_.end())
    return std::nullopt;
  const auto held = i->second;
  reservations_.erase(i);
  reserved_ -= held.amount;
  spent_ += amount;
  const auto freed = std::max(pico_usd{0}, held.amount - amount);
  kept_back_ += std::min(freed, held.from_share);
  return std::max(pico_usd{0}, amount - held.amount);
}

std::optional<pico_usd> ledger::reserved_for(reservation_id id) const {
  auto i = reservations_.find(id);
  if (i == reservations_.end())
    return std::nullopt;
  return i->second.amount;
}

} // namespace brigade::core
