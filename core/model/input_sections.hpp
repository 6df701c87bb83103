/// The parts of documents that a planner may hand to subtasks.
#pragma once

#include "brigade/core/run/input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::core {

/// Documents with more lines than this are divided into sections.
inline constexpr std::uint32_t whole_lines_max = 120;

/// The length at which a section is cut when no heading comes before.
inline constexpr std::uint32_t section_lines = 80;

/// The most values that the planner chooses from: providers bound the size of
/// an enumeration in a schema.
inline constexpr std::size_t input_choices_max = 200;

/// Lines of a document, both included.
struct input_section {
  std::uint32_t first = 1;
  std::uint32_t last = 1;

  friend bool operator==(const input_section&, const input_section&) = default;
};

/// Divides a document at its Markdown headings, or every `section_lines`, into
/// at most `sections_max` (at least 1) sections that together are the whole
/// document. A document of at most `whole_lines_max` lines is one section.
std::vector<input_section> sections_of(const input& document,
                                       std::size_t sections_max);

/// How many sections each divided document may have, so that the choices keep
/// their limit.
std::size_t sections_max_of(const input_set& inputs);

/// The values that the planner may choose from: each `doc1`, and the sections
/// of divided documents as `doc1:10-80`; at most `input_choices_max`, unless
/// there are more documents than that.
std::vector<std::string> input_choices(const input_set& inputs);

/// Finds Markdown headings, line by line from the top; code between fences has
/// none.
class heading_finder {
public:
  bool is_heading(std::string_view line);

private:
  bool in_fence_ = false;
};

} // namespace brigade::core
