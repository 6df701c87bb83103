/// The texts of `brigade --help`, `brigade run --help` and so on.
#pragma once

#include <string_view>

namespace brigade::app {

extern const std::string_view main_help;
extern const std::string_view run_help;
extern const std::string_view resume_help;
extern const std::string_view approve_help;
extern const std::string_view reject_help;
extern const std::string_view cancel_help;
extern const std::string_view runs_help;
extern const std::string_view show_help;
extern const std::string_view events_help;
extern const std::string_view html_help;
extern const std::string_view export_help;
extern const std::string_view replay_help;
extern const std::string_view prune_help;
extern const std::string_view check_help;
extern const std::string_view serve_help;
extern const std::string_view version_help;

} // namespace brigade::app
