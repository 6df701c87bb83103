#include "brigade/app/cli_words.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace brigade::app {

namespace {

bool takes_value(std::string_view name) {
  return std::ranges::find(options_with_value, name)
         != options_with_value.end();
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
std::string option_name(std::string_view arg) {
  while (arg.starts_with("-q") && arg.size() > 2) {
    arg.remove_prefix(1);
  }
  auto name = std::string{arg.substr(0, arg.find('='))};
  return name.front() == 'q' ? "-" + name.substr(1) : name;
}

} // namespace

bool is_option(std::string_view arg) {
  return arg.size() > 1 && arg.front() == '-';
}

split_args split_words(const std::vector<std::string>& args) {
  split_args out;
  bool goal_given = false;
  bool after_input = false;
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
      auto name = option_name(arg);
      after_input = name == "-i" || name == "--input";
      goal_given = goal_given || name == "-f" || name == "--goal-file";
      if (takes_value(name) && arg.find('=') == std::string::npos
          && i + 1 < args.size()) {
        out.options.push_back(args[++i]);
      }
    } else if (goal_given && after_input) {
      out.options.emplace_back("--input");
      out.options.push_back(arg);
    } else {
      goal_given = true;
      after_input = false;
      out.words.push_back(arg);
    }
  }
  return out;
}

std::string option_without_value(const std::vector<std::string>& options) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto& arg = options[i];
    auto name = option_name(arg);
    if (!takes_value(name)) {
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

std::string nearest_name(std::string_view word,
                         const std::vector<std::string>& names) {
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
