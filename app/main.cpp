// The executable `brigade`: from arguments to a command.
#include "brigade/app/check_command.hpp"
#include "brigade/app/cli.hpp"
#include "brigade/app/end_command.hpp"
#include "brigade/app/events_command.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/export_command.hpp"
#include "brigade/app/html_command.hpp"
#include "brigade/app/prune_command.hpp"
#include "brigade/app/replay_command.hpp"
#include "brigade/app/resume_command.hpp"
#include "brigade/app/run_command.hpp"
#include "brigade/app/runs_command.hpp"
#include "brigade/app/serve/serve_command.hpp"
#include "brigade/app/show_command.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/version.hpp"

#include <string>
#include <unistd.h>
#include <variant>
#include <vector>

namespace {

using namespace brigade::app;

struct dispatcher {
  int operator()(const run_options& options) const {
    return run_command(options);
  }

  int operator()(const prune_options& options) const {
    return prune_command(options);
  }

  int operator()(const resume_options& options) const {
    return resume_command(options);
  }

  int operator()(const approve_options& options) const {
    return approve_command(options);
  }

  int operator()(const reject_options& options) const {
    return reject_command(options);
  }

  int operator()(const cancel_options& options) const {
    return cancel_command(options);
  }

  int operator()(const export_options& options) const {
    return export_command(options);
  }

  int operator()(const replay_options& options) const {
    return replay_command(options);
  }

  int operator()(const runs_options& options) const {
    return runs_command(options);
  }

  int operator()(const show_options& options) const {
    return show_command(options);
  }

  int operator()(const events_options& options) const {
    return events_command(options);
  }

  int operator()(const html_options& options) const {
    return html_command(options);
  }

  int operator()(const check_options& options) const {
    return check_command(options);
  }

  int operator()(const serve_options& options) const {
    return serve_command(options);
  }

  int operator()(const version_options&) const { return print(version_text()); }

  int operator()(const help_text& help) const { return print(help.text); }

  int operator()(const problem& fault) const {
    tell({"brigade: " + fault.message, "  " + fault.hint});
    return exit_usage;
  }

  static int print(const std::string& text) {
    return write_all(STDOUT_FILENO, text) == write_status::ok ? exit_ok
                                                              : exit_failed;
  }
};

} // namespace

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  return std::visit(dispatcher{}, parse_command_line(std::move(args)));
}
