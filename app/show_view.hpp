/// What the texts of `brigade show` have in common. Pure.
#pragma once

#include "brigade/app/progress_style.hpp"
#include "brigade/app/stored_run.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

struct show_view {
  /// Of the terminal; 0: not a terminal, texts are not cut.
  std::size_t columns = 80;
  bool color = false;
  bool ascii = false;
};

/// How wide lines may be that are cut or filled in any case.
std::size_t drawing_columns(const show_view& view);

/// `waiting`, `running`, `done`, ...; a subtask that was at work when its run
/// came to a stand is `interrupted`.
std::string_view task_word(const stored_run& run, std::size_t task);

/// The sign beside it, one column.
std::string_view task_sign(const stored_run& run, std::size_t task, bool ascii);

text_style task_style(std::string_view word);

/// `timed_out: no answer within 5.0s`, safe for one line.
std::string cause_text(std::string_view code, std::string_view message);

/// The subtask that failed first, which others may have failed for; nothing
/// when none has.
std::optional<std::size_t> first_failure(const core::run_state& state);

/// Whether each subtask is on the critical path, indexed like `plan::tasks`.
std::vector<bool> on_critical_path(const core::run_state& state);

} // namespace brigade::app
