#include "brigade/app/end_command.hpp"

#include "brigade/app/display.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/run_claim.hpp"
#include "brigade/app/run_mailbox.hpp"
#include "brigade/app/runtime.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/core/crew/crew_json.hpp"

#include <memory>
#include <poll.h>
#include <utility>

namespace brigade::app {

namespace {

/// What the run is made from, as far as its end needs it.
core::run_order order_of(const core::run_id& run, const owned_run& owned) {
  core::run_order order;
  order.id = run;
  order.goal = owned.past.goal;
  // Nothing is bought, so that any crew can end a run whose own is of an
  // earlier version.
  order.crew = std::make_shared<const core::crew>(
      core::crew_from_json(owned.source.crew).value_or(core::builtin_crew()));
  order.inputs = owned.source.inputs
                     ? owned.source.inputs
                     : std::make_shared<const core::input_set>();
  order.ceiling = owned.past.ceiling;
  order.plan_text = owned.source.plan_text;
  order.source = std::make_shared<const core::run_source>(owned.source);
  return order;
}

run_end wait_for_end(run_mailbox& mailbox) {
  for (;;) {
    pollfd news{mailbox.fd(), POLLIN, 0};
    ::poll(&news, 1, -1);
    if (auto got = mailbox.take(); got.end) {
      return std::move(*got.end);
    }
  }
}

int tell_end(const core::run_id& run, const run_end& end) {
  if (const auto* refused = std::get_if<run_refused>(&end)) {
    tell({"brigade: " + terminal_line(refused->message)});
    return exit_failed;
  }
  const auto& state = std::get<core::run_report>(end).state;
  if (state.phase != core::run_phase::finished) {
    tell({"brigade: the end of run " + run.text + " could not be written"});
    return exit_failed;
  }
  tell({"run " + run.text
        + " has ended: " + std::string{core::to_string(state.status)}
        + (state.reason.empty() ? std::string{}
                                : " (" + terminal_line(state.reason) + ")")
        + "; " + display_cost(state.spent) + " spent"});
  return exit_ok;
}

int end_run(const end_options& options, core::decision_kind kind) {
  auto found = find_run(options.state, options.run);
  if (auto* code = std::get_if<int>(&found)) {
    return *code;
  }
  const auto& run = std::get<found_run>(found);
  const core::approval_decision decision{kind, {}, options.comment, {}};
  run_mailbox mailbox;
  auto opened = open_run_journal(options.state, false, run.id, mailbox);
  if (auto* fault = std::get_if<problem>(&opened)) {
    return tell_problem(*fault);
  }
  const auto& journal = std::get<run_journal>(opened);
  auto owned = own(journal, run.id);
  if (auto* fault = std::get_if<store::fault>(&owned)) {
    return fault->code == store::fault_code::owned
               ? ask_elsewhere(run, {run.id, decision})
               : tell_claim_fault(*fault);
  }
  const auto& taken = std::get<owned_run>(owned);
  if (kind == core::decision_kind::reject && !taken.past.awaits_approval()) {
    return tell_not_waiting(run.id);
  }
  const auto work = runtime::create_to_end(mailbox, journal.port);
  work->resume(order_of(run.id, taken), false, decision);
  const auto code = tell_end(run.id, wait_for_end(mailbox));
  // What it might have spent today is free again.
  static_cast<void>(journal.durable->close_day_slice(run.id));
  return code;
}

} // namespace

int reject_command(const reject_options& options) {
  return end_run(options, core::decision_kind::reject);
}

int cancel_command(const cancel_options& options) {
  return end_run(options, core::decision_kind::cancel);
}

} // namespace brigade::app
