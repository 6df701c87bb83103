#include "brigade/app/prune_command.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/stored_run.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/store/sqlite.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

using runs = std::vector<store::listed_run>;

/// Of a goal, in columns.
constexpr std::size_t goal_columns_max = 50;
/// Runs that are listed one by one.
constexpr std::size_t listed_max = 20;

bool has_ended(const store::listed_run& run) {
  const auto status = run.summary.status;
  return status != core::run_status::running
         && status != core::run_status::suspended;
}

/// The runs that were named, or the exit code.
std::variant<runs, int> named(const prune_options& options) {
  auto opened = open_archive(options.state);
  if (auto* code = std::get_if<int>(&opened)) {
    return *code;
  }
  runs out;
  for (const auto& name : options.runs) {
    auto run = std::get<store::archive>(opened).find(name);
    if (!run) {
      return tell_fault(run.error());
    }
    if (!has_ended(*run)) {
      tell({"brigade: run " + run->summary.id.text
            + " has not ended and is not deleted"});
      return exit_usage;
    }
    out.push_back(std::move(*run));
  }
  return out;
}

/// All that the options let through, the newest first; or the exit code.
std::variant<runs, int> chosen(const prune_options& options) {
  if (!options.runs.empty()) {
    return named(options);
  }
  store::list_filter filter;
  filter.runs_max = SIZE_MAX;
  auto listed = list_runs(options.state, filter);
  if (auto* code = std::get_if<int>(&listed)) {
    return *code;
  }
  const auto now = now_wall_ms();
  std::size_t kept = 0;
  runs out;
  for (auto& run : std::get<runs>(listed)) {
    if (!has_ended(run) || kept++ < options.keep.value_or(0)) {
      continue;
    }
    const auto& row = run.summary;
    const bool old = !options.older_than_ms
                     || now - row.updated_wall_ms >= *options.older_than_ms;
    if (old && (!options.status || row.status == *options.status)) {
      out.push_back(std::move(run));
    }
  }
  return out;
}

void tell_runs(const runs& all) {
  std::vector<std::string> lines;
  for (const auto& run : all) {
    if (lines.size() == listed_max) {
      lines.push_back("  and " + std::to_string(all.size() - listed_max)
                      + " more");
      break;
    }
    const auto& row = run.summary;
    lines.push_back("  " + row.id.text + "  "
                    + std::string{core::to_string(row.status)} + "  "
                    + display_age(row.updated_wall_ms, now_wall_ms())
                    + " ago  "
                    + fit(terminal_line(row.goal), goal_columns_max));
  }
  tell(lines);
}

bool is_confirmed(std::size_t count) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) {
    tell({"brigade: nothing was deleted; --yes does it without asking"});
    return false;
  }
  static_cast<void>(write_all(
      STDERR_FILENO, "delete " + counted(count, "run") + " for good? [y/N] "));
  std::array<char, 16> answer{};
  const auto got = ::read(STDIN_FILENO, answer.data(), answer.size());
  return got > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

} // namespace

int prune_command(const prune_options& options) {
  auto found = chosen(options);
  if (auto* code = std::get_if<int>(&found)) {
    return *code;
  }
  const auto& all = std::get<runs>(found);
  if (all.empty()) {
    tell({"brigade: there is nothing to delete"});
    return exit_ok;
  }
  if (options.dry_run || !options.yes) {
    tell_runs(all);
  }
  if (options.dry_run) {
    tell({counted(all.size(), "run") + " would be deleted"});
    return exit_ok;
  }
  if (!options.yes && !is_confirmed(all.size())) {
    return exit_usage;
  }
  auto directory = state_directory(options.state, process_environment());
  store::sqlite_journal_options to;
  to.directory = std::get<std::string>(directory);
  auto journal = store::sqlite_journal::open(std::move(to));
  if (!journal) {
    return tell_fault(journal.error());
  }
  std::vector<core::run_id> ids;
  for (const auto& run : all) {
    ids.push_back(run.summary.id);
  }
  auto gone = (*journal)->prune(ids);
  if (!gone) {
    return tell_fault(gone.error());
  }
  tell({counted(*gone, "run") + " deleted"});
  return exit_ok;
}

} // namespace brigade::app
