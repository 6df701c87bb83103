/// What the parsers of all commands share: options before or behind the words,
/// `--`, help, and messages that name the nearest option. Pure.
#pragma once

#include "brigade/app/cli.hpp"
#include "brigade/app/cli_words.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {

class App;

} // namespace CLI

namespace brigade::app {

/// Declares the options of one command and reads them. The values are written
/// by `parse`; what was not given stays as it was.
class command_parser {
public:
  /// `command` is its name, `help` the text for `--help`.
  command_parser(std::string_view command, std::string_view help);
  ~command_parser();

  command_parser(const command_parser&) = delete;
  command_parser& operator=(const command_parser&) = delete;

  /// `names` are separated by a comma: `-q,--quiet`.
  void add_flag(const std::string& names, bool& value);

  /// An empty value is refused, so an empty text means: not given.
  void add_option(const std::string& names, std::string& value);

  /// May be given many times.
  void add_list(const std::string& names, std::vector<std::string>& values);

  /// A list that takes further words too, once the command has its word.
  void add_greedy_list(const std::string& names,
                       std::vector<std::string>& values);

  /// Gives what the command's word would give.
  void add_option_in_place_of_word(const std::string& names,
                                   std::string& value);

  /// Help or a problem; nothing when all options were read.
  std::optional<command_line> parse(const std::vector<std::string>& args);

  /// What is left beside the options, in order.
  std::vector<std::string> words;

private:
  problem unexpected(std::string_view word) const;

  std::string command_;
  std::string_view help_;
  option_names names_;
  std::unique_ptr<CLI::App> app_;
};

/// The text, cut and without control characters, in quotes.
std::string in_quotes(std::string_view text);

} // namespace brigade::app
