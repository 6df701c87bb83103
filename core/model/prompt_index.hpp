/// The index of the inputs: what the planner sees of the documents.
#pragma once

#include "brigade/core/model/input_sections.hpp"
#include "brigade/core/policy/limits.hpp"
#include "brigade/core/run/input.hpp"

#include <string>

namespace brigade::core {

/// Appends a `document` block for each section of each document, with the
/// attributes id, name, lines (the section) and total_lines. Together they take
/// about `planner_input_bytes_max`, shared out fairly: what a small document
/// does not need goes to the others. A section that has no room for all of its
/// lines shows its first ones. A document without room for its sections is one
/// block, which shows its first lines and those headings that have room. Each
/// document shows at least the beginning of its first line.
void append_input_index(std::string& out, const input_set& inputs,
                        const limits& bounds);

} // namespace brigade::core
