/// How sure it is that two claims give values to one thing.
#pragma once

#include "brigade/core/extractive/facts.hpp"

#include <vector>

namespace brigade::core::extractive {

/// 0 to 1. `rare_a` and `rare_b` say how much each word of the contexts tells,
/// in their order. Symmetric.
double same_thing(const claim& a, const std::vector<double>& rare_a,
                  const claim& b, const std::vector<double>& rare_b);

} // namespace brigade::core::extractive
