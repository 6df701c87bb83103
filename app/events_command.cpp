#include "brigade/app/events_command.hpp"

#include "brigade/app/event_line.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/interrupt.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/stored_run.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"

#include <boost/json.hpp>

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace brigade::app {

namespace {

/// How often a run that is followed is looked at.
constexpr int look_interval_ms = 200;

/// Prints the events of one run as they come.
class event_printer {
public:
  event_printer(const store::archive& from, core::run_id run,
                const events_options& options)
      : from_(from), run_(std::move(run)), options_(options),
        after_(options.after) {
    if (::isatty(STDOUT_FILENO) != 0) {
      columns_ = size_of_terminal(STDOUT_FILENO).columns;
    }
    ascii_ = traits_of(true, true, process_environment()).ascii;
  }

  /// Prints what is new; an exit code when that was the last.
  std::optional<int> print() {
    auto events = from_.events(run_, after_);
    if (!events) {
      return tell_fault(events.error());
    }
    std::string text;
    for (const auto& e : *events) {
      after_ = e->seq;
      ended_ = std::holds_alternative<core::events::run_finished>(e->body);
      text += options_.json ? boost::json::serialize(core::to_json(*e))
                            : event_line(*e, columns_, ascii_);
      text += '\n';
    }
    auto status = write_all(STDOUT_FILENO, text);
    if (status == write_status::failed) {
      tell({std::string{"brigade: stdout cannot be written: "}
            + std::strerror(errno)});
      return exit_failed;
    }
    return status == write_status::closed ? std::optional<int>{exit_ok}
                                          : std::nullopt;
  }

  std::uint64_t after() const { return after_; }

  bool ended() const { return ended_; }

private:
  const store::archive& from_;
  core::run_id run_;
  const events_options& options_;
  std::uint64_t after_ = 0;
  std::size_t columns_ = 0;
  bool ascii_ = false;
  bool ended_ = false;
};

/// Whether nothing will be added to a run for now.
bool is_over(const store::listed_run& run) {
  return run.stands_still()
         || (run.summary.status != core::run_status::running
             && run.summary.status != core::run_status::suspended);
}

/// Waits for the next look; false when the user has had enough.
bool wait(const interrupt_guard& signals) {
  pollfd source{signals.fd(), POLLIN, 0};
  ::poll(&source, 1, look_interval_ms);
  return !interrupt_guard::interrupted();
}

int follow(const store::archive& from, const core::run_id& run,
           event_printer& printer) {
  interrupt_guard signals;
  for (;;) {
    // Looked at before reading: what came until then is read for sure.
    auto found = from.find(run.text);
    if (!found) {
      return tell_fault(found.error());
    }
    if (found->summary.last_seq > printer.after()) {
      if (auto code = printer.print()) {
        return *code;
      }
    }
    if (printer.ended()) {
      return exit_ok;
    }
    if (is_over(*found)) {
      tell(
          {"the run is " + std::string{status_word(*found)}
           + (found->stands_still() ? " and nobody works on it; brigade resume "
                                          + terminal_line(run.text) + " goes on"
                                    : "")});
      return exit_ok;
    }
    if (!wait(signals)) {
      return exit_interrupted;
    }
  }
}

} // namespace

int events_command(const events_options& options) {
  auto opened = open_archive(options.state);
  if (auto* code = std::get_if<int>(&opened)) {
    return *code;
  }
  const auto& archive = std::get<store::archive>(opened);
  auto found = archive.find(options.run);
  if (!found) {
    return tell_fault(found.error());
  }
  const auto& run = found->summary.id;
  event_printer printer{archive, run, options};
  if (options.follow) {
    return follow(archive, run, printer);
  }
  // A reader that went away has seen what it wanted.
  interrupt_guard ignores_sigpipe;
  return printer.print().value_or(exit_ok);
}

} // namespace brigade::app
