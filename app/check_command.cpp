#include "brigade/app/check_command.hpp"

#include "brigade/app/config_messages.hpp"
#include "brigade/app/crew_source.hpp"
#include "brigade/app/crew_summary.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/exit_codes.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal_text.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <unistd.h>

namespace brigade::app {

namespace {

int print(const std::string& text) {
  // A reader that went away is no fault of the crew.
  std::signal(SIGPIPE, SIG_IGN);
  if (write_all(STDOUT_FILENO, text) == write_status::failed) {
    tell({std::string{"brigade: stdout cannot be written: "}
          + std::strerror(errno)});
    return exit_failed;
  }
  return exit_ok;
}

} // namespace

int check_command(const check_options& options) {
  if (options.schema) {
    return print(config::crew_schema_json());
  }
  auto loaded = load_crew(options.file, {}, false);
  auto messages = config_messages(loaded);
  auto name = terminal_line(options.file);
  if (loaded.value) {
    for (const auto& fault : provider_faults(*loaded.value)) {
      messages.push_back(name + ": " + fault);
      loaded.faults.push_back({options.file, 0, 0, fault, {}});
    }
  }
  tell(messages);
  if (!loaded.value || !loaded.faults.empty()) {
    tell({"brigade: " + name
          + " cannot be used: " + counted(loaded.faults.size(), "fault")});
    return exit_config;
  }
  std::string text;
  for (const auto& line : crew_summary(*loaded.value)) {
    text += line + "\n";
  }
  return print(text + name + " can be used\n");
}

} // namespace brigade::app
