/// Plain numbers, in digits and in words.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace brigade::core::extractive {

struct number {
  double value = 0;
  /// The worth of the last digit.
  double step = 1;
  std::size_t last = 0;
  bool grouped = false;
};

/// `1,200`, `1 200`, `4.5`; at most 15 digits are read.
std::optional<number> digits_at(std::string_view text, std::size_t at);

/// `twelve`, `twenty-five`.
std::optional<number> words_at(std::string_view text, std::size_t at);

} // namespace brigade::core::extractive
