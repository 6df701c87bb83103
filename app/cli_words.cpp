#include "brigade/app/cli_words.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace brigade::app {

namespace {

using strings = std::vector<std::string>;

bool contains(const strings& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1,
                         diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

/// `--input` of `--input=a.md`, `-o` of `-qo`.
std::string option_name(std::string_view arg, const option_names& names) {
  std::size_t letter = 1;
  while (letter + 1 < arg.size() && arg[1] != '-'
         && contains(names.flags, std::string{'-', arg[letter]})) {
    ++letter;
  }
  return "-" + std::string{arg.substr(letter, arg.find('=') - letter)};
}

} // namespace

bool is_option(std::string_view arg) {
  return arg.size() > 1 && arg.front() == '-';
}

split_args split_words(const strings& args, const option_names& names) {
  split_args out;
  bool word_given = false;
  bool after_greedy = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto& arg = args[i];
    if (arg == "--") {
      out.words.insert(out.words.end(),
                       args.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       args.end());
      break;
    }
    if (is_option(arg)) {
      out.options.push_back(arg);
      auto name = option_name(arg, names);
      after_greedy = contains(names.greedy, name);
      word_given = word_given || contains(names.in_place_of_word, name);
      if (contains(names.with_value, name) && arg.find('=') == std::string::npos
          && i + 1 < args.size()) {
        out.options.push_back(args[++i]);
      }
    } else if (word_given && after_greedy) {
      out.options.push_back(names.greedy.back());
      out.options.push_back(arg);
    } else {
      word_given = true;
      after_greedy = false;
      out.words.push_back(arg);
    }
  }
  return out;
}

std::string option_without_value(const strings& options,
                                 const option_names& names) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto& arg = options[i];
    auto name = option_name(arg, names);
    if (!contains(names.with_value, name)) {
      continue;
    }
    bool separate = arg.find('=') == std::string::npos;
    if (separate && (i + 1 == options.size() || options[i + 1].empty())) {
      return name;
    }
    if (!separate && arg.ends_with('=')) {
      return name;
    }
    i += separate ? 1 : 0;
  }
  return {};
}

std::string option_given_twice(const strings& options,
                               const option_names& names) {
  strings seen;
  for (std::size_t i = 0; i < options.size(); ++i) {
    auto name = option_name(options[i], names);
    if (!contains(names.with_value, name)) {
      continue;
    }
    if (contains(seen, name) && !contains(names.repeatable, name)) {
      return name;
    }
    i += options[i].find('=') == std::string::npos ? 1 : 0;
    seen.push_back(std::move(name));
  }
  return {};
}

std::string nearest_name(std::string_view word, const strings& names) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& name : names) {
    auto distance = edit_distance(word, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = &name;
    }
  }
  return best ? *best : std::string{};
}

} // namespace brigade::app
