#include "brigade/app/resume_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/resume_setup.hpp"
#include "brigade/app/run_session.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/store/archive.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace brigade::app {

namespace {

int say(const store::fault& why) {
  tell({"brigade: " + terminal_line(why.message)});
  switch (why.code) {
  case store::fault_code::not_found:
  case store::fault_code::ambiguous:
  case store::fault_code::ended:
    return exit_usage;
  case store::fault_code::over_ceiling:
    return exit_over_budget;
  default:
    return exit_failed;
  }
}

int say(const problem& why) {
  tell({"brigade: " + terminal_line(why.message),
        "  " + terminal_line(why.hint)});
  return exit_failed;
}

/// The run that the user means, without becoming its owner.
store::result<core::run_id> find(const std::string& directory,
                                 const std::string& name) {
  auto opened = store::archive::open(directory);
  if (!opened) {
    return opened.error();
  }
  auto run = opened->find(name);
  if (!run) {
    return run.error();
  }
  return run->summary.id;
}

std::optional<store::fault> reserve_for_day(const run_journal& journal,
                                            const core::run_order& order,
                                            core::pico_usd spent) {
  store::day_request request;
  request.run = order.id;
  request.slice = core::pico_usd{std::max<std::int64_t>(
      0, core::ceiling_of(order).cost.value - spent.value)};
  request.spent_before = spent;
  request.ceilings.all = order.crew->limits.cost_per_day;
  request.wall_ms = now_wall_ms();
  return journal.durable->reserve_for_day(request);
}

int go_on(const resume_options& options, const core::run_id& run,
          run_journal journal, run_mailbox& mailbox, interrupt_guard& signals) {
  auto claimed = journal.durable->claim(run);
  if (!claimed) {
    return say(claimed.error());
  }
  session_order what;
  what.past = journal.durable->read(run, 0, SIZE_MAX);
  core::run_state past;
  for (const auto& e : what.past) {
    past.apply(*e);
  }
  auto prepared = prepare_resume(options, run, claimed->source, past);
  if (auto* fault = std::get_if<resume_fault>(&prepared)) {
    tell(fault->lines);
    return fault->exit_code;
  }
  auto setup = std::get<resume_setup>(std::move(prepared));
  // Calls in flight when the process died are charged in full.
  if (auto fault =
          reserve_for_day(journal, setup.order, past.spent + past.reserved)) {
    return say(*fault);
  }
  std::optional<output_file> file;
  if (!open_output(options.output, file)) {
    return exit_usage;
  }
  what.journal = std::move(journal);
  what.crew = std::move(setup.crew);
  what.order = std::move(setup.order);
  what.context = std::move(setup.context);
  what.context.run = run.text;
  if (!options.state.empty()) {
    what.context.resume_arguments = " --state " + options.state;
  }
  what.notes = std::move(setup.notes);
  what.resumed = true;
  what.changes_accepted = setup.changed;
  const session_options shown{options.json, options.quiet, options.no_color,
                              what.context.config, options.output};
  return work_on(std::move(what), shown, mailbox, signals, file);
}

} // namespace

int resume_command(const resume_options& options) {
  auto directory = state_directory(options.state, process_environment());
  if (auto* fault = std::get_if<problem>(&directory)) {
    say(*fault);
    return exit_usage;
  }
  auto run = find(std::get<std::string>(directory), options.run);
  if (!run) {
    return say(run.error());
  }
  interrupt_guard signals;
  run_mailbox mailbox;
  auto journal = open_run_journal(options.state, false, *run, mailbox);
  if (auto* fault = std::get_if<problem>(&journal)) {
    return say(*fault);
  }
  return go_on(options, *run, std::get<run_journal>(std::move(journal)),
               mailbox, signals);
}

} // namespace brigade::app
