// The help texts of the commands that decide about runs.

#include "brigade/app/cli_help.hpp"

namespace brigade::app {

const std::string_view approve_help =
    R"(Approve the plan of a run that waits for it; the run goes on here, or in the
process that keeps it. What was paid for is not paid again.

Usage: brigade approve RUN [options]

  RUN                    an id, the beginning of one (6 characters or more), or
                         `last`

Plan:
      --plan FILE        work on this plan instead; `brigade show RUN --plan`
                         prints the one that waits. One with faults changes
                         nothing
      --comment TEXT     kept with the run

Crew:
  -c, --config FILE      the crew file (default: the one of the start)
      --set KEY=VALUE    override one setting; may be given many times
      --max-cost USD     another ceiling, for example 0.50
      --accept-changes   go on although the crew or a document has changed

Output:
      --json             print one report as JSON instead of the answer
  -o, --output FILE      write to a file, all or nothing, instead of stdout
  -q, --quiet            no progress; errors only
      --no-color         no colours (also: NO_COLOR=1)
      --state DIR        where runs are kept (default: $XDG_STATE_HOME/brigade,
                         else ~/.local/state/brigade)
  -h, --help             this text

Exit codes: those of brigade run; 4 also for a plan in --plan that has faults,
and 2 for a run that does not wait.

Examples:
  brigade approve last
  brigade show last --plan > plan.json
  brigade approve last --plan plan.json --comment "without the survey"
)";

const std::string_view reject_help =
    R"(Reject the plan of a run that waits for approval: the run ends as cancelled.

Usage: brigade reject RUN [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`

Options:
      --comment TEXT why; kept with the run
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

Exit codes:
  0  the run has ended
  1  it could not be ended
  2  usage, no such run, or one that does not wait

Example:
  brigade reject last --comment "too dear"
)";

const std::string_view cancel_help =
    R"(End a run as cancelled. One that stands still ends at once and buys nothing
more; one that another process works on is ended there, and calls in flight are
ended with it.

Usage: brigade cancel RUN [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`

Options:
      --comment TEXT why; kept with the run
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

Exit codes:
  0  the run has ended, or is told to end
  1  it could not be ended
  2  usage, no such run, or one that has ended

Example:
  brigade cancel last
)";

} // namespace brigade::app
