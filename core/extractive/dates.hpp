/// Dates and times of day, in the forms that people write them.
#pragma once

#include "brigade/core/extractive/values.hpp"

#include <optional>

namespace brigade::core::extractive {

/// The date, quarter, year or time of day that begins at `at`, or nothing.
/// A bare year counts as a date when what stands before it says so.
std::optional<value> date_at(std::string_view text, std::size_t at);

/// 1 to 12 for a month's name or abbreviation, else 0.
int month_of(std::string_view word);

/// A fixed-format reader over a text; nothing it does leaves the text.
class scanner {
public:
  scanner(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  bool is_done() const { return at_ >= text_.size(); }
  /// The next byte, or 0.
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip(std::size_t count) { at_ = std::min(at_ + count, text_.size()); }
  bool skip_blanks();
  /// Skips `part` when it comes next, in any case.
  bool take(std::string_view part);
  /// Reads `digits_min` to `digits_max` digits with no digit behind them, or
  /// -1 and stays.
  int take_number(std::size_t digits_min, std::size_t digits_max);
  /// Reads letters; empty when there are none.
  std::string_view take_word();

private:
  std::string_view text_;
  std::size_t at_;
};

} // namespace brigade::core::extractive
