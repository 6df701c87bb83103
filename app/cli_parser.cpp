#include "brigade/app/cli_parser.hpp"

#include "brigade/app/terminal_text.hpp"

#include <CLI/CLI.hpp>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

/// What is shown of an argument in a message, in columns.
constexpr std::size_t quoted_columns_max = 60;

/// `-q`, `--quiet` of `-q,--quiet`.
void append_names(strings& out, const std::string& names) {
  std::size_t begin = 0;
  while (begin < names.size()) {
    auto end = std::min(names.find(',', begin), names.size());
    out.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
}

} // namespace

std::string in_quotes(std::string_view text) {
  return "'" + fit(terminal_line(text), quoted_columns_max) + "'";
}

command_parser::command_parser(std::string_view command, std::string_view help)
    : command_(command), help_(help), app_(std::make_unique<CLI::App>()) {
  append_names(names_.flags, "-h,--help");
}

command_parser::~command_parser() = default;

void command_parser::add_flag(const std::string& names, bool& value) {
  append_names(names_.flags, names);
  app_->add_flag(names, value);
}

void command_parser::add_option(const std::string& names, std::string& value) {
  append_names(names_.with_value, names);
  app_->add_option(names, value);
}

void command_parser::add_list(const std::string& names, strings& values) {
  append_names(names_.with_value, names);
  append_names(names_.repeatable, names);
  app_->add_option(names, values)->allow_extra_args(false);
}

void command_parser::add_greedy_list(const std::string& names,
                                     strings& values) {
  append_names(names_.greedy, names);
  add_list(names, values);
}

void command_parser::add_option_in_place_of_word(const std::string& names,
                                                 std::string& value) {
  append_names(names_.in_place_of_word, names);
  add_option(names, value);
}

std::optional<command_line> command_parser::parse(const strings& args) {
  auto see_help = "see brigade " + command_ + " --help";
  auto parts = split_words(args, names_);
  words = std::move(parts.words);
  const auto& options = parts.options;
  if (auto name = option_without_value(options, names_); !name.empty()) {
    return problem{name + " needs a value", see_help};
  }
  try {
    // The parser takes them from the back.
    app_->parse(strings{options.rbegin(), options.rend()});
  } catch (const CLI::CallForHelp&) {
    return help_text{std::string{help_}};
  } catch (const CLI::ExtrasError& error) {
    auto extras = app_->remaining();
    return extras.empty() ? problem{terminal_line(error.what()), see_help}
                          : unexpected(extras.front());
  } catch (const CLI::ParseError& error) {
    if (auto name = option_given_twice(options, names_); !name.empty()) {
      return problem{name + " was given twice", see_help};
    }
    return problem{terminal_line(error.what()), see_help};
  }
  return std::nullopt;
}

problem command_parser::unexpected(std::string_view word) const {
  auto see_help = "see brigade " + command_ + " --help";
  if (!is_option(word)) {
    return {"unexpected argument " + in_quotes(word), see_help};
  }
  auto name = word.substr(0, word.find('='));
  strings known;
  for (const auto& names : {names_.flags, names_.with_value}) {
    for (const auto& each : names) {
      if (each.starts_with("--")) {
        known.push_back(each);
      }
    }
  }
  auto near = nearest_name(name, known);
  if (!near.empty()) {
    return {"unknown option " + in_quotes(name), "did you mean " + near + "?"};
  }
  if (!names_.greedy.empty()) {
    see_help += "; a goal that begins with '-' goes behind '--'";
  }
  return {"unknown option " + in_quotes(name), see_help};
}

} // namespace brigade::app
