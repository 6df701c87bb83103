/// The parser of each command: arguments behind the command's name to a value.
/// Pure.
#pragma once

#include "brigade/app/cli.hpp"

#include <string>
#include <vector>

namespace brigade::app {

command_line parse_run(const std::vector<std::string>& args);
command_line parse_resume(const std::vector<std::string>& args);
command_line parse_approve(const std::vector<std::string>& args);
command_line parse_reject(const std::vector<std::string>& args);
command_line parse_cancel(const std::vector<std::string>& args);
command_line parse_replay(const std::vector<std::string>& args);
command_line parse_runs(const std::vector<std::string>& args);
command_line parse_show(const std::vector<std::string>& args);
command_line parse_events(const std::vector<std::string>& args);
command_line parse_export(const std::vector<std::string>& args);
command_line parse_html(const std::vector<std::string>& args);
command_line parse_prune(const std::vector<std::string>& args);
command_line parse_check(const std::vector<std::string>& args);
command_line parse_serve(const std::vector<std::string>& args);

} // namespace brigade::app
