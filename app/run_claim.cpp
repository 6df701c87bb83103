#include "brigade/app/run_claim.hpp"

#include "brigade/app/control_client.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/state_directory.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"

#include <cstdint>
#include <utility>

namespace brigade::app {

int tell_claim_fault(const store::fault& why) {
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

int tell_problem(const problem& why) {
  tell({"brigade: " + terminal_line(why.message),
        "  " + terminal_line(why.hint)});
  return exit_failed;
}

int tell_not_waiting(const core::run_id& run) {
  tell({"brigade: run " + run.text + " does not wait for approval",
        "  brigade show " + run.text + " says where it is"});
  return exit_usage;
}

int tell_plan_faults(const std::vector<core::plan_fault>& faults) {
  std::vector<std::string> lines{"brigade: the plan has "
                                 + counted(faults.size(), "fault")
                                 + ", and the run waits as before:"};
  for (const auto& fault : faults) {
    lines.push_back("  "
                    + (fault.pointer.empty() ? std::string{"(whole plan)"}
                                             : terminal_line(fault.pointer))
                    + "  " + terminal_line(fault.code) + ": "
                    + terminal_line(fault.message));
  }
  tell(lines);
  return exit_plan_rejected;
}

std::variant<found_run, int> find_run(const std::string& state,
                                      const std::string& name) {
  auto directory = state_directory(state, process_environment());
  if (auto* fault = std::get_if<problem>(&directory)) {
    tell_problem(*fault);
    return exit_usage;
  }
  found_run found{std::get<std::string>(std::move(directory)), {}};
  auto opened = store::archive::open(found.directory);
  if (!opened) {
    return tell_claim_fault(opened.error());
  }
  auto run = opened->find(name);
  if (!run) {
    return tell_claim_fault(run.error());
  }
  found.id = run->summary.id;
  return found;
}

std::variant<owned_run, store::fault> own(const run_journal& journal,
                                          const core::run_id& run) {
  auto claimed = journal.durable->claim(run);
  if (!claimed) {
    return claimed.error();
  }
  owned_run out{
      std::move(claimed->source), journal.durable->read(run, 0, SIZE_MAX), {}};
  for (const auto& e : out.events) {
    out.past.apply(*e);
  }
  return out;
}

int ask_elsewhere(const found_run& run, const control_request& request) {
  auto opened = store::archive::open(run.directory);
  if (!opened) {
    return tell_claim_fault(opened.error());
  }
  auto listed = opened->find(run.id.text);
  if (!listed) {
    return tell_claim_fault(listed.error());
  }
  if (listed->owner_name.empty()) {
    tell({"brigade: the process that worked on run " + run.id.text
              + " has just ended",
          "  try again"});
    return exit_failed;
  }
  auto asked = ask_owner(run.directory, listed->owner_name, request);
  const auto who = terminal_line(listed->owner);
  if (auto* silence = std::get_if<control_silence>(&asked)) {
    tell({"brigade: " + who + " works on run " + run.id.text + ", and "
          + terminal_line(silence->message)});
    return exit_failed;
  }
  const auto& answer = std::get<control_answer>(asked);
  if (answer.ok) {
    const bool ends = request.decision.kind != core::decision_kind::approve;
    tell({who + (ends ? " ends run " : " goes on with run ") + run.id.text});
    return exit_ok;
  }
  if (answer.code == "plan_faults") {
    return tell_plan_faults(answer.faults);
  }
  tell({"brigade: " + who + " says: " + terminal_line(answer.message)});
  return answer.code == "not_waiting" ? exit_usage : exit_failed;
}

} // namespace brigade::app
