#include "brigade/app/stored_run.hpp"

#include "brigade/app/cli.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace brigade::app {

int tell_fault(const store::fault& why) {
  tell({"brigade: " + terminal_line(why.message)});
  bool named_wrong = why.code == store::fault_code::not_found
                     || why.code == store::fault_code::ambiguous;
  return named_wrong ? exit_usage : exit_failed;
}

namespace {

/// Where runs are kept, or the exit code.
std::variant<std::string, int> directory_of(const std::string& state) {
  auto directory = state_directory(state, process_environment());
  if (auto* fault = std::get_if<problem>(&directory)) {
    tell({"brigade: " + fault->message, "  " + fault->hint});
    return exit_usage;
  }
  return std::get<std::string>(std::move(directory));
}

} // namespace

std::variant<store::archive, int> open_archive(const std::string& state) {
  auto directory = directory_of(state);
  if (auto* code = std::get_if<int>(&directory)) {
    return *code;
  }
  auto opened = store::archive::open(std::get<std::string>(directory));
  if (!opened) {
    return tell_fault(opened.error());
  }
  return std::move(*opened);
}

std::variant<std::vector<store::listed_run>, int>
list_runs(const std::string& state, const store::list_filter& filter) {
  auto directory = directory_of(state);
  if (auto* code = std::get_if<int>(&directory)) {
    return *code;
  }
  auto opened = store::archive::open(std::get<std::string>(directory));
  if (!opened) {
    if (opened.error().code == store::fault_code::not_found) {
      return std::vector<store::listed_run>{};
    }
    return tell_fault(opened.error());
  }
  auto listed = opened->list(filter);
  if (!listed) {
    return tell_fault(listed.error());
  }
  return std::move(*listed);
}

std::variant<stored_run, int> read_run(const std::string& state,
                                       std::string_view name) {
  auto opened = open_archive(state);
  if (auto* code = std::get_if<int>(&opened)) {
    return *code;
  }
  const auto& archive = std::get<store::archive>(opened);
  auto found = archive.find(name);
  if (!found) {
    return tell_fault(found.error());
  }
  auto events = archive.events(found->summary.id);
  if (!events) {
    const auto& known = found->summary;
    tell({"run " + terminal_line(known.id.text) + " of "
              + display_time(known.submitted_wall_ms) + ", "
              + std::string{status_word(*found)},
          "goal " + terminal_line(known.goal)});
    return tell_fault(events.error());
  }
  stored_run out{std::move(*found), {}};
  for (const auto& e : *events) {
    out.history.apply(*e);
  }
  return out;
}

std::string_view status_word(const store::listed_run& run) {
  if (run.summary.status == core::run_status::running && run.owner.empty()) {
    return interrupted_word;
  }
  return core::to_string(run.summary.status);
}

core::run_report report_of(const stored_run& run) {
  const auto& state = run.history.state;
  auto guarantees = core::guarantees_of(state);
  guarantees.journal = "durable";
  return {run.listed.summary.id, state, guarantees};
}

int print_all(std::string_view text) {
  // A reader that went away has seen what it wanted.
  std::signal(SIGPIPE, SIG_IGN);
  if (write_all(STDOUT_FILENO, text) == write_status::failed) {
    tell({std::string{"brigade: stdout cannot be written: "}
          + std::strerror(errno)});
    return exit_failed;
  }
  return exit_ok;
}

} // namespace brigade::app
