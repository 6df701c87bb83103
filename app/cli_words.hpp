/// Telling the words of a command line from its options. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brigade::app {

/// The options of a command by how they are read, each with all its names
/// (`-o`, `--output`).
struct option_names {
  std::vector<std::string> flags;
  std::vector<std::string> with_value;
  /// Of those with a value: may be given many times.
  std::vector<std::string> repeatable;
  /// Of those: takes further words too, once the command has its word.
  std::vector<std::string> greedy;
  /// Of those with a value: gives what the command's word would give.
  std::vector<std::string> in_place_of_word;
};

/// Whether `arg` is an option; a lone `-` is a word.
bool is_option(std::string_view arg);

struct split_args {
  /// Options and their values, for the parser.
  std::vector<std::string> options;
  std::vector<std::string> words;
};

/// Takes the words out of the options. The parser would read a goal such as
/// `[a, b]` as a list; and it could not let a shell's `--input docs/*.md`
/// work: once the goal was given, further words right behind the value of
/// `--input` are documents too. Before the goal they stay words, since one of
/// them must be the goal.
split_args split_words(const std::vector<std::string>& args,
                       const option_names& names);

/// The option whose value is an empty text, most likely by the slip of an
/// unset shell variable; or empty.
std::string option_without_value(const std::vector<std::string>& options,
                                 const option_names& names);

/// The option that takes one value and was given more often; or empty.
std::string option_given_twice(const std::vector<std::string>& options,
                               const option_names& names);

/// Of `names`, the one that `word` was probably meant to be: at most two
/// edits away, or a third of its length. Empty when there is none.
std::string nearest_name(std::string_view word,
                         const std::vector<std::string>& names);

} // namespace brigade::app
