#include "brigade/app/run_session.hpp"

#include "brigade/app/approval_prompt.hpp"
#include "brigade/app/control_socket.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/pretty_json.hpp"
#include "brigade/app/progress.hpp"
#include "brigade/app/run_setup.hpp"
#include "brigade/app/runtime.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

/// Longest wait in one poll; nothing depends on it.
constexpr std::int64_t poll_ms_max = 60'000;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

progress::options progress_options(const session_options& options) {
  progress::options out;
  out.quiet = options.quiet;
  out.traits = traits_of(::isatty(STDERR_FILENO) != 0, options.no_color,
                         process_environment());
  out.size = [] { return size_of_terminal(STDERR_FILENO); };
  out.write = [](std::string_view bytes) {
    static_cast<void>(write_all(STDERR_FILENO, bytes));
  };
  out.cursor_hidden = interrupt_guard::set_cursor_hidden;
  return out;
}

/// Waits for the end of a run, shows it and passes interrupts on.
run_end follow(runtime& work, run_mailbox& mailbox, interrupt_guard& signals,
               progress& shown, const core::run_id& run) {
  bool stopping = false;
  for (;;) {
    auto now = steady_ms();
    auto wait = poll_ms_max;
    if (auto due = shown.next_due_ms()) {
      wait = std::clamp<std::int64_t>(*due - now, 0, poll_ms_max);
    }
    std::array<pollfd, 2> sources{
        pollfd{mailbox.fd(), POLLIN, 0},
        pollfd{stopping ? -1 : signals.fd(), POLLIN, 0}};
    ::poll(sources.data(), sources.size(), static_cast<int>(wait));
    if (!stopping && interrupt_guard::interrupted()) {
      stopping = true;
      shown.say("suspending: calls in flight are ended; press Ctrl-C again to "
                "leave at once");
      work.stop(run, core::stop_kind::suspend, "interrupt");
    }
    auto news = mailbox.take();
    now = steady_ms();
    for (const auto& e : news.events) {
      shown.on_event(*e, now);
    }
    if (news.end) {
      return std::move(*news.end);
    }
    shown.tick(now);
  }
}

/// What the user gets, or nothing when there is no answer.
std::optional<std::string> content_of(const core::run_report& report,
                                      const session_options& options,
                                      bool plan_only) {
  if (options.json) {
    return boost::json::serialize(core::to_json(report)) + "\n";
  }
  if (plan_only) {
    if (report.state.status != core::run_status::succeeded
        || !report.state.plan) {
      return std::nullopt;
    }
    return pretty_json(core::to_json(*report.state.plan));
  }
  if (report.state.answer.empty()) {
    return std::nullopt;
  }
  auto text = report.state.answer.str();
  if (!text.ends_with('\n')) {
    text += '\n';
  }
  return text;
}

int exit_code(const core::run_report& report, bool plan_only) {
  bool planned =
      plan_only && report.state.status == core::run_status::succeeded;
  return planned ? exit_ok : core::exit_code_of(report);
}

} // namespace

core::run_report failed_report(const std::string& goal, core::pico_usd ceiling,
                               std::string reason, std::string message) {
  core::run_report report;
  report.id = new_run_id();
  core::events::run_submitted submitted;
  submitted.goal = goal;
  submitted.ceiling = ceiling;
  report.state.apply({1, 0, 0, std::move(submitted)});
  core::events::run_finished finished;
  finished.status = core::run_status::failed;
  finished.reason = std::move(reason);
  finished.message = std::move(message);
  report.state.apply({2, 0, 0, std::move(finished)});
  return report;
}

bool deliver(const std::string& content, std::optional<output_file>& file,
             bool quiet) {
  if (file) {
    auto fault = file->commit(content);
    interrupt_guard::set_temporary({});
    if (!fault.empty()) {
      tell({"brigade: " + fault});
      return false;
    }
    return true;
  }
  bool to_terminal = ::isatty(STDOUT_FILENO) != 0;
  // Sets the answer apart from what else is on the screen.
  bool framed = to_terminal && !quiet && ::isatty(STDERR_FILENO) != 0;
  if (framed) {
    tell({""});
  }
  auto status =
      write_all(STDOUT_FILENO, to_terminal ? terminal_safe(content) : content);
  if (framed) {
    tell({""});
  }
  if (status == write_status::failed) {
    tell({std::string{"brigade: stdout cannot be written: "}
          + std::strerror(errno)});
  }
  return status != write_status::failed;
}

bool open_output(const std::string& path, std::optional<output_file>& file) {
  if (path.empty()) {
    return true;
  }
  auto result = output_file::create(path);
  if (auto* fault = std::get_if<output_file::fault>(&result)) {
    tell({"brigade: -o " + fault->message});
    return false;
  }
  file.emplace(std::get<output_file>(std::move(result)));
  interrupt_guard::set_temporary(file->temporary());
  return true;
}

namespace {

/// The closing lines come last: they are what the user has to act on.
int conclude(const core::run_report& report, const session_options& options,
             bool plan_only, const diagnose_context& context,
             std::optional<output_file>& file) {
  auto code = exit_code(report, plan_only);
  auto content = content_of(report, options, plan_only);
  if (content && !deliver(*content, file, options.quiet)) {
    code = exit_failed;
  }
  tell(closing_lines(report, context));
  return code;
}

} // namespace

bool asks_here(const session_options& options) {
  return !options.json && !options.quiet && ::isatty(STDIN_FILENO) != 0
         && ::isatty(STDERR_FILENO) != 0;
}

namespace {

/// Lets other processes cancel the run while this one works on it.
std::unique_ptr<control_socket> listen_for(runtime& work,
                                           const session_order& what,
                                           const session_options& options) {
  if (!what.journal.durable) {
    return nullptr;
  }
  auto opened = control_socket::open(
      what.journal.directory, what.journal.durable->owner(),
      [&work, run = what.order.id](const control_request& asked) {
        if (asked.run != run) {
          return control_answer{false,
                                "not_here",
                                "it does not work on run " + asked.run.text,
                                {}};
        }
        if (asked.decision.kind != core::decision_kind::cancel) {
          return control_answer{false,
                                "not_waiting",
                                "run " + run.text
                                    + " does not wait for approval",
                                {}};
        }
        const auto& why = asked.decision.comment;
        work.stop(run, core::stop_kind::cancel, why.empty() ? "user" : why);
        return control_answer{};
      });
  if (auto* fault = std::get_if<control_socket::fault>(&opened)) {
    if (!options.quiet) {
      tell({"warning: other processes cannot cancel this run: "
            + terminal_line(fault->message)});
    }
    return nullptr;
  }
  return std::get<0>(std::move(opened));
}

/// One life of the run: from where its events end until it ends or stands
/// still.
core::run_report live(runtime& work, const session_order& what,
                      const session_options& options, run_mailbox& mailbox,
                      interrupt_guard& signals) {
  progress shown{progress_options(options)};
  shown.recall(what.past, steady_ms());
  if (what.resumed) {
    work.resume(what.order, what.changes_accepted, what.decision);
  } else {
    work.submit(what.order);
  }
  const auto asked = listen_for(work, what, options);
  auto end = follow(work, mailbox, signals, shown, what.order.id);
  core::run_report report;
  if (auto* refused = std::get_if<run_refused>(&end)) {
    report = failed_report(what.order.goal, core::ceiling_of(what.order).cost,
                           "internal", refused->message);
  } else {
    report = std::get<core::run_report>(std::move(end));
  }
  report.guarantees.journal = what.journal.durable ? "durable" : "memory";
  shown.finish(report);
  // Somebody may take a day over the plan: what it could spend is free then.
  if (what.journal.durable && report.state.awaits_approval()) {
    static_cast<void>(what.journal.durable->close_day_slice(what.order.id));
  }
  return report;
}

/// Makes this process the owner of the run again, for its next life.
std::optional<store::fault> take_up(session_order& what) {
  what.resumed = true;
  const auto& run = what.order.id;
  if (what.journal.durable) {
    auto claimed = what.journal.durable->claim(run);
    if (!claimed) {
      return claimed.error();
    }
  }
  what.past = what.journal.port->read(run, 0, SIZE_MAX);
  core::run_state past;
  for (const auto& e : what.past) {
    past.apply(*e);
  }
  return reserve_for_day(what.journal, what.order, past.spent + past.reserved);
}

} // namespace

int work_on(session_order what, const session_options& options,
            run_mailbox& mailbox, interrupt_guard& signals,
            std::optional<output_file>& file) {
  if (!options.quiet) {
    tell(what.notes);
  }
  const bool durable = what.journal.durable != nullptr;
  auto made =
      runtime::create(what.crew, mailbox, what.journal.port, what.recalled);
  if (auto* fault = std::get_if<runtime::fault>(&made)) {
    tell({"brigade: the crew cannot be used:",
          "  " + terminal_line(options.config) + ": "
              + terminal_line(fault->message)});
    return exit_config;
  }
  auto& work = *std::get<std::unique_ptr<runtime>>(made);
  auto report = live(work, what, options, mailbox, signals);
  while (report.state.awaits_approval() && asks_here(options)
         && !interrupt_guard::interrupted()) {
    const auto traits =
        traits_of(true, options.no_color, process_environment());
    what.decision =
        ask_for_approval(what.order, report.state, signals, traits.ascii);
    if (!what.decision) {
      break;
    }
    if (auto fault = take_up(what)) {
      tell({"brigade: " + terminal_line(fault->message)});
      return exit_failed;
    }
    report = live(work, what, options, mailbox, signals);
  }
  if (durable && report.state.status == core::run_status::suspended
      && report.state.reason == core::storage_failure) {
    what.context.storage_fault = what.journal.durable->last_fault();
  }
  return conclude(report, options, what.order.plan_only, what.context, file);
}

} // namespace brigade::app
