#include "brigade/app/run_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/run_session.hpp"
#include "brigade/app/run_setup.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <utility>

namespace brigade::app {

namespace {

session_options session_of(const run_options& options) {
  return {options.json, options.quiet, options.no_color, options.config,
          options.output};
}

/// A report is owed although keys are missing.
int report_missing_keys(const setup_fault& fault, const run_options& options) {
  std::optional<output_file> file;
  if (!open_output(options.output, file)) {
    return exit_usage;
  }
  std::string message;
  for (const auto& line : fault.missing_keys) {
    message += (message.empty() ? "" : "; ") + line;
  }
  auto report =
      failed_report(fault.goal, fault.ceiling, "provider", std::move(message));
  if (options.json) {
    static_cast<void>(deliver(
        boost::json::serialize(core::to_json(report)) + "\n", file, true));
  }
  tell(fault.lines);
  return fault.exit_code;
}

} // namespace

int run_command(const run_options& options) {
  auto prepared = prepare_run(options);
  interrupt_guard signals;
  if (auto* fault = std::get_if<setup_fault>(&prepared)) {
    if (!fault->missing_keys.empty()) {
      return report_missing_keys(*fault, options);
    }
    tell(fault->lines);
    return fault->exit_code;
  }
  auto setup = std::get<run_setup>(std::move(prepared));
  if (options.no_journal && setup.order.crew->limits.cost_per_day) {
    tell({"brigade: --no-journal: the crew has a ceiling per day "
          "(limits.cost_per_day_usd), which only the journal can keep",
          "  leave --no-journal out, or the ceiling"});
    return exit_usage;
  }
  if (options.no_journal && core::asks_approval(setup.order)
      && !asks_here(session_of(options))) {
    tell({"brigade: --no-journal: the plan must be approved, and there is no "
          "terminal to ask at",
          "  leave --no-journal out; brigade approve goes on with the run"});
    return exit_usage;
  }
  std::optional<output_file> file;
  if (!open_output(options.output, file)) {
    return exit_usage;
  }
  run_mailbox mailbox;
  auto journal = open_run_journal(options.state, options.no_journal,
                                  setup.order.id, mailbox);
  if (auto* fault = std::get_if<problem>(&journal)) {
    tell({"brigade: " + terminal_line(fault->message),
          "  " + terminal_line(fault->hint)});
    return exit_failed;
  }
  session_order what;
  if (!options.from.empty()) {
    auto recalled = load_recalled(options.state, options.from);
    if (auto* code = std::get_if<int>(&recalled)) {
      return *code;
    }
    what.recalled = std::get<0>(std::move(recalled));
  }
  what.journal = std::get<run_journal>(std::move(journal));
  if (auto fault = reserve_for_day(what.journal, setup.order, {})) {
    tell({"brigade: " + terminal_line(fault->message)});
    return fault->code == store::fault_code::over_ceiling ? exit_over_budget
                                                          : exit_failed;
  }
  what.crew = std::move(setup.crew);
  what.order = std::move(setup.order);
  what.context = std::move(setup.context);
  what.context.run = what.journal.durable ? what.order.id.text : "";
  if (!options.state.empty()) {
    what.context.resume_arguments = " --state " + options.state;
  }
  what.notes = std::move(setup.warnings);
  return work_on(std::move(what), session_of(options), mailbox, signals, file);
}

} // namespace brigade::app
