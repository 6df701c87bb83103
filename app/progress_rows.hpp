/// The rows of the live tree: one subtask each, in aligned columns. Pure.
#pragma once

#include "brigade/app/progress_tree.hpp"
#include "brigade/core/run/run_state.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace brigade::app {

/// A row for each subtask in `shown` (indices into the plan), each at most
/// `columns` wide. Columns that do not fit are dropped for all rows, the
/// dearest last: description, then tokens, then cost.
std::vector<std::string> render_rows(const core::run_state& state,
                                     const std::vector<std::size_t>& shown,
                                     std::size_t columns,
                                     const tree_view& view);

} // namespace brigade::app
