/// Names in slots (`led by Maria Keller`) and statements of yes and no.
#pragma once

#include "brigade/core/extractive/document.hpp"
#include "brigade/core/extractive/values.hpp"

#include <string_view>
#include <vector>

namespace brigade::core::extractive {

/// A slot that is filled in a sentence.
struct slot_value {
  core::extractive::value value;
  /// The token of the slot's word; its meaning is `value.unit`.
  std::size_t at = 0;
};

/// The names that fill slots in a sentence.
std::vector<slot_value> find_slots(std::string_view text,
                                   const std::vector<token>& tokens);

/// How a sentence says yes or no.
struct polarity {
  bool is_positive = true;
  /// Meanings that only carry the yes or no, to be left out of the context.
  std::vector<term> carriers;
};

polarity polarity_of(std::string_view text, const std::vector<token>& tokens);

/// 1 for `yes`, `true`, `included`; 0 for `no`, `none`, `false`; else -1.
int truth_of(std::string_view text);

} // namespace brigade::core::extractive
