/// The books of one run: what is spent, what is set aside, what is kept back.
#pragma once

#include "brigade/core/money/allowance.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace brigade::core {

/// Names a reservation within one ledger.
enum class reservation_id : std::uint64_t {};

/// Keeps `spent + reserved <= ceiling`, part by part (rule M1). A nested ledger
/// is a reservation in the one above it, of the whole nested ceiling, so that
/// it can never exceed what is left there. Not thread-safe: one actor owns it.
class ledger {
public:
  explicit ledger(const allowance& ceiling) : ceiling_(ceiling) {
    // nop
  }

  /// Sets `amount` aside for the synthesis; from then on only reservations
  /// that may use the share can touch it (rule M6).
  void keep_back(const allowance& amount) { kept_back_ = amount; }

  /// What a reservation could get now.
  allowance available(bool may_use_share) const;

  /// What a reservation could get if everything reserved were freed.
  allowance available_at_best(bool may_use_share) const;

  /// Sets `amount` aside. False, with no effect, when it does not fit or the
  /// id is taken.
  [[nodiscard]] bool reserve(reservation_id id, const allowance& amount,
                             bool may_use_share);

  /// Sets `amount` aside whether it fits or not: it did in an earlier life.
  void hold(reservation_id id, const allowance& amount);

  /// Ends a reservation by charging `amount`. Nothing when the id is unknown
  /// (a late or duplicate outcome); else the part of the bill above the
  /// reservation (rule M7), usually nothing in any part.
  std::optional<allowance> settle(reservation_id id, const allowance& amount);

  /// Charges what needs no reservation: the subtasks of an accepted plan.
  void charge(const allowance& amount) { spent_ = spent_ + amount; }

  /// The amount of a reservation, or nothing.
  std::optional<allowance> reserved_for(reservation_id id) const;

  const allowance& ceiling() const { return ceiling_; }
  const allowance& spent() const { return spent_; }
  const allowance& reserved() const { return reserved_; }
  const allowance& kept_back() const { return kept_back_; }
  bool idle() const { return reservations_.empty(); }

private:
  struct reservation {
    allowance amount;
    /// The part that was taken from the share.
    allowance from_share;
  };

  allowance ceiling_;
  allowance spent_;
  allowance reserved_;
  allowance kept_back_;
  std::map<reservation_id, reservation> reservations_;
};

} // namespace brigade::core
