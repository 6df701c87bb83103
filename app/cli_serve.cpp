// The command line of `serve`.

#include "brigade/app/cli_commands.hpp"
#include "brigade/app/cli_help.hpp"
#include "brigade/app/cli_parser.hpp"
#include "brigade/app/cli_values.hpp"

#include <utility>

namespace brigade::app {

command_line parse_serve(const std::vector<std::string>& args) {
  command_parser parser{"serve", serve_help};
  serve_options options;
  parser.add_option("-c,--config", options.config);
  parser.add_list("--set", options.sets);
  parser.add_option("--listen", options.listen);
  parser.add_option("--state", options.state);
  if (auto end = parser.parse(args)) {
    return *std::move(end);
  }
  if (!parser.words.empty()) {
    return problem{"unexpected argument " + in_quotes(parser.words.front()),
                   "give the daemon's file with --config"};
  }
  if (options.config.empty()) {
    return problem{"no file was given",
                   "for example: brigade serve --config brigade.toml; a crew "
                   "file serves that one crew"};
  }
  if (auto fault = sets_fault(options.sets)) {
    return *fault;
  }
  return options;
}

} // namespace brigade::app
