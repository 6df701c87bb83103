#include "brigade/app/html_command.hpp"

#include "brigade/app/exit_codes.hpp"
#include "brigade/app/html_page.hpp"
#include "brigade/app/interrupt.hpp"
#include "brigade/app/output_file.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/stored_run.hpp"

#include <utility>

namespace brigade::app {

int html_command(const html_options& options) {
  auto read = read_run(options.state, options.run);
  if (auto* code = std::get_if<int>(&read)) {
    return *code;
  }
  auto page = html_page(std::get<stored_run>(read));
  if (options.output.empty()) {
    return print_all(page);
  }
  interrupt_guard signals;
  auto made = output_file::create(options.output);
  if (auto* fault = std::get_if<output_file::fault>(&made)) {
    tell({"brigade: -o " + fault->message});
    return exit_usage;
  }
  auto& file = std::get<output_file>(made);
  interrupt_guard::set_temporary(file.temporary());
  auto fault = file.commit(page);
  interrupt_guard::set_temporary({});
  if (!fault.empty()) {
    tell({"brigade: " + fault});
    return exit_failed;
  }
  return exit_ok;
}

} // namespace brigade::app
