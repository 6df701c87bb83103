/// Runs the built-in model through all three roles, without actors.
#pragma once

#include "brigade/core/extractive/extractive.hpp"
#include "brigade/core/model/prompt.hpp"
#include "brigade/core/plan/plan_check.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline {

struct outcome {
  std::string plan_text;
  std::vector<brigade::core::plan_fault> faults;
  brigade::core::plan plan;
  std::vector<brigade::core::shared_text> results;
  std::string report;
};

/// Plans, works in the plan's order and merges. With faults it stops behind
/// the plan.
outcome run(std::string_view goal, const brigade::core::input_set& inputs,
            const brigade::core::crew& c = brigade::core::builtin_crew());

/// A sentence of a report with one of its places.
struct cited {
  std::string sentence;
  std::string name;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// The citations of all bullets of a report.
std::vector<cited> citations(std::string_view report);

/// Whether the cited lines hold the sentence, blanks and quote marks aside.
bool is_true(const cited& c, const brigade::core::input_set& inputs);

/// The sentences of the bullets, each as often as it stands there.
std::vector<std::string> sentences(std::string_view report);

/// The conflicts of a report: the headline and the citations below it.
struct conflict {
  std::string headline;
  std::vector<cited> sides;
};
std::vector<conflict> conflicts(std::string_view report);

} // namespace pipeline
