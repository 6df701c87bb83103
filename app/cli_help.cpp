#include "brigade/app/cli_help.hpp"

namespace brigade::app {

const std::string_view main_help =
    R"(brigade: one goal, a plan of subtasks, many workers, one cited answer

Usage: brigade <command> [options]

Work:
  run      work on a goal and print the answer
  resume   go on with a run that was interrupted or suspended
  approve  go on with a run whose plan waits for approval, or edit the plan
  reject   end such a run
  cancel   end any run, also one that another process works on
  replay   repeat an exported run from its recorded replies; costs nothing

Serve:
  serve    work for many clients: job API, chat API, metrics

Look back:
  runs     list the runs
  show     one run: its plan, times, costs and failures; one subtask whole
  events   what happened, line by line; follows a run that is going on
  html     one run as a page for the browser

Keep and delete:
  export   write everything about a run to one file
  prune    delete finished runs

More:
  check    validate a crew file
  version  print the version

Options:
  -h, --help     this text; also: brigade <command> --help
      --version  the version

Examples:
  brigade run "What do the notes say about pricing?" --input notes.md
  brigade run --config crew.toml --max-cost 0.25 "Compare the three vendors"
  brigade show last
  brigade resume last

Without a crew file, `run` uses the built-in extractive model: no key, no
network, no cost. RUN is the id of a run, the beginning of one (at least 6
characters), or `last`.
)";

const std::string_view run_help =
    R"(Work on a goal: plan it, run the subtasks, print the answer.

Usage: brigade run GOAL [options]
       brigade run -f FILE [options]

The answer goes to stdout, everything else to stderr.

Goal and documents:
  GOAL                   the goal; `-` reads it from stdin
  -f, --goal-file FILE   read the goal from a file
  -i, --input PATH...    a document to work on; may be given many times

Crew:
  -c, --config FILE      the crew file (default: the built-in model)
      --set KEY=VALUE    override one setting of the crew, for example
                         limits.tasks_max=4; may be given many times
      --max-cost USD     the ceiling of this run, for example 0.25

Plan:
      --plan-only        print the plan as JSON and stop
      --plan FILE        run this plan instead of asking the planner
      --approve          show the plan and what it will cost, and wait for a
                         word: here on a terminal, else with brigade approve

Journal:
      --state DIR        where runs are kept (default: $XDG_STATE_HOME/brigade,
                         else ~/.local/state/brigade)
      --no-journal       keep nothing: the run does not survive this process
      --from RUN         recall the replies of a finished run wherever the
                         request is the same; they are not paid again

Output:
      --json             print one report as JSON instead of the answer
  -o, --output FILE      write to a file, all or nothing, instead of stdout
  -q, --quiet            no progress; errors only
      --no-color         no colours (also: NO_COLOR=1)
  -h, --help             this text

Exit codes:
  0    an answer, and all subtasks succeeded
  5    an answer with gaps
  1    no answer: the run failed
  2    usage: the command line, the goal or a document
  3    the crew file
  4    no answer: the plan was rejected
  6    no answer: the cost ceiling
  7    no answer: a provider or its key
  8    no answer: the deadline
  130  interrupted; `brigade resume` goes on with it. Or the plan waits for
       approval; `brigade approve` goes on with it

Examples:
  brigade run "What do the notes say about pricing?" --input notes.md
  brigade run -f goal.txt -i a.md -i b.md -o report.md
  brigade run "Compare the vendors" -c crew.toml -i docs/*.md --max-cost 0.25
  brigade run "Compare the vendors" -c crew.toml --plan-only > plan.json
  brigade run "Compare the vendors" -c crew.toml --plan plan.json --json
  echo "Summarise the findings" | brigade run - -i findings.txt
)";

const std::string_view serve_help =
    R"(Work for many clients over HTTP, until it is told to stop.

Usage: brigade serve --config FILE [options]

  -c, --config FILE     the daemon's file, or a crew file: that one crew with
                        all defaults
      --set KEY=VALUE   override one setting of the file, for example
                        server.runs_max=8; may be given many times
      --listen ADDRESS  override server.listen, for example 127.0.0.1:9000
      --state DIR       where runs are kept (default: server.state, then
                        $XDG_STATE_HOME/brigade or ~/.local/state/brigade)
  -h, --help            this text

Job API at /api/v1, chat completions at /v1, health at /livez and /readyz,
metrics at /metrics, all of it described at /openapi.json.

It listens on the loopback address only, unless the file has a certificate and
a file of tokens. SIGHUP reads the file again and keeps the old settings when
the new ones have faults. SIGTERM takes no new runs, lets those that are going
end for server.drain_timeout_s, suspends the rest and leaves; the next start
goes on with them. A second signal leaves at once.
)";

const std::string_view check_help =
    R"(Validate a crew file and show what it describes. Nothing is sent.

Usage: brigade check FILE
       brigade check --schema

Options:
      --schema  print the JSON Schema of crew files, for editors
  -h, --help    this text

All faults are listed on stderr as FILE:LINE:COLUMN: message.

Exit codes:
  0  the crew can be used
  2  usage
  3  the crew file has faults

Example:
  brigade check crew.toml
)";

const std::string_view version_help =
    R"(Print the version.

Usage: brigade version
)";

} // namespace brigade::app
