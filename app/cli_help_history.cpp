// The help texts of the commands that look back at runs or go on with them.

#include "brigade/app/cli_help.hpp"

namespace brigade::app {

const std::string_view resume_help =
    R"(Go on with a run that was interrupted, suspended or killed. What was paid
for is not paid again, and finished results are kept.

Usage: brigade resume RUN [options]

  RUN                    an id, the beginning of one (6 characters or more), or
                         `last`

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

Exit codes: those of brigade run.

Examples:
  brigade resume last
  brigade resume 01JB2K --max-cost 0.50 -o report.md
)";

const std::string_view runs_help =
    R"(List the runs, the newest first.

Usage: brigade runs [options]

Which:
      --status S     running, interrupted, succeeded, partial, failed,
                     cancelled or suspended
      --crew NAME    of this crew
      --goal TEXT    whose goal holds this text
      --since WHEN   submitted since then: 24h, 7d, 2026-11-01
      --nested       also runs that are nested in others
  -n N               the newest N (default: 20)
      --all          without a limit

Output:
      --json         one JSON array instead of the table
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

`interrupted` is a run whose process is gone; `brigade resume RUN` goes on.

Examples:
  brigade runs
  brigade runs --status failed --since 7d
  brigade runs --all --json
)";

const std::string_view show_help =
    R"(Show one run: what it cost, how long each subtask took, what went wrong.

Usage: brigade show RUN [TASK] [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`
  TASK               a subtask such as t3: its attempts, calls and result whole

Options:
      --calls        each call: model, tokens, cost, what was sent and answered
      --json         the report as JSON; with --calls, the calls too
      --plan         the plan alone, as JSON
      --no-color     no colours (also: NO_COLOR=1)
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

Exit codes:
  0  it was shown, whatever became of the run
  1  the journal cannot be read
  2  usage, or no such run or subtask

Examples:
  brigade show last
  brigade show last t3
  brigade show 01JB2K t3 --calls
)";

const std::string_view events_help =
    R"(Print the events of a run, one line each.

Usage: brigade events RUN [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`

Options:
      --follow       wait for more until the run ends
      --json         one JSON object per line, whole
      --after SEQ    only events above this sequence
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

Exit codes:
  0    they were printed
  1    the journal cannot be read
  2    usage, or no such run
  130  interrupted while following

Examples:
  brigade events last
  brigade events last --follow
  brigade events 01JB2K --json --after 40 | jq .type
)";

const std::string_view html_help =
    R"(Write one run as one page for the browser: summary, plan as a graph,
timeline, costs, prompts and replies. The page needs no network and runs no
script.

Usage: brigade html RUN [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`

Options:
  -o, --output FILE  write to a file, all or nothing, instead of stdout
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

The page holds the goal, all prompts and all replies: give it only to people
who may read them.

Example:
  brigade html last -o run.html
)";

const std::string_view export_help =
    R"(Write everything about a run to one JSON file: crew, documents, events with all
requests and replies. `brigade replay` repeats it, on any machine.

Usage: brigade export RUN [options]

  RUN                an id, the beginning of one (6 characters or more), or
                     `last`

Options:
  -o, --output FILE  write to a file, all or nothing, instead of stdout
      --state DIR    where runs are kept (default: $XDG_STATE_HOME/brigade,
                     else ~/.local/state/brigade)
  -h, --help         this text

Example:
  brigade export last -o run.json
)";

const std::string_view replay_help =
    R"(Repeat an exported run from its recorded replies. Nothing is sent, nothing
is paid, and no key is needed.

Usage: brigade replay FILE [options]

  FILE               what `brigade export` wrote

Options:
      --json         print one report as JSON instead of the answer
  -o, --output FILE  write to a file, all or nothing, instead of stdout
  -q, --quiet        no progress; errors only
      --no-color     no colours (also: NO_COLOR=1)
  -h, --help         this text

Exit codes: 0 the recorded answer, byte for byte; 1 another one, and what
differs; 2 the file or the command line cannot be used.

Example:
  brigade replay run.json
)";

const std::string_view prune_help =
    R"(Delete runs that have ended. Runs that can be resumed are never deleted.

Usage: brigade prune [options]
       brigade prune RUN... [options]

  RUN...               these runs: ids, beginnings of ids, or `last`

Which, when none is named; all that is given must apply:
      --older-than AGE whose last event is older: 12h, 30d, 8w
      --keep N         all but the newest N
      --status S       that ended so: succeeded, partial, failed, cancelled

Options:
      --dry-run        only say what would be deleted
  -y, --yes            do not ask
      --state DIR      where runs are kept (default: $XDG_STATE_HOME/brigade,
                       else ~/.local/state/brigade)
  -h, --help           this text

Examples:
  brigade prune --older-than 30d --dry-run
  brigade prune --keep 100 --yes
)";

} // namespace brigade::app
