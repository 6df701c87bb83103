/// The money of one run: what is spent, what is set aside, what is kept back.
#pragma once

#include "brigade/core/money/money.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace brigade::core {

/// Names a reservation within one ledger.
enum class reservation_id : std::uint64_t {};

/// Keeps `spent + reserved <= ceiling` (rule M1). Not thread-safe: one actor
/// owns it.
class ledger {
public:
  explicit ledger(pico_usd ceiling) : ceiling_(ceiling) {
    // nop
  }

  /// Sets `amount` aside for the synthesis; from then on only reservations
  /// that may use the share can touch it (rule M6).
  void keep_back(pico_usd amount);

  /// What a reservation could get now.
  pico_usd available(bool may_use_share) const;

  /// What a reservation could get if everything reserved were freed.
  pico_usd available_at_best(bool may_use_share) const;

  /// Sets `amount` aside. False, with no effect, when it does not fit or the
  /// id is taken.
  [[nodiscard]] bool reserve(reservation_id id, pico_usd amount,
                             bool may_use_share);

  /// Ends a reservation by charging `amount`. Nothing when the id is unknown
  /// (a late or duplicate outcome); else the part of the bill above the
  /// reservation (rule M7), usually 0.
  std::optional<pico_usd> settle(reservation_id id, pico_usd amount);

  /// The amount of a reservation, or nothing.
  std::optional<pico_usd> reserved_for(reservation_id id) const;

  pico_usd ceiling() const { return ceiling_; }
  pico_usd spent() const { return spent_; }
  pico_usd reserved() const { return reserved_; }
  pico_usd kept_back() const { return kept_back_; }
  bool idle() const { return reservations_.empty(); }

private:
  struct reservation {
    pico_usd amount;
    /// The part that was taken from the share.
    pico_usd from_share;
  };

  pico_usd ceiling_;
  pico_usd spent_;
  pico_usd reserved_;
  pico_usd kept_back_;
  std::map<reservation_id, reservation> reservations_;
};

} // namespace brigade::core
