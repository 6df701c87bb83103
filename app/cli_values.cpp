#include "brigade/app/cli_values.hpp"

#include "brigade/app/cli_parser.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace brigade::app {

namespace {

constexpr std::size_t run_prefix_min = 6;
constexpr std::size_t run_name_max = 26;

template <class T>
std::optional<T> digits(std::string_view text) {
  T value = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || error != std::errc{}
      || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> unit_ms(char unit) {
  switch (unit) {
  case 's':
    return 1'000;
  case 'm':
    return 60'000;
  case 'h':
    return 3'600'000;
  case 'd':
    return 86'400'000;
  case 'w':
    return 604'800'000;
  default:
    return std::nullopt;
  }
}

/// Days since 1970 of `2026-11-01`.
std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  auto year = digits<int>(text.substr(0, 4));
  auto month = digits<unsigned>(text.substr(5, 2));
  auto day = digits<unsigned>(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  std::chrono::year_month_day date{std::chrono::year{*year},
                                   std::chrono::month{*month},
                                   std::chrono::day{*day}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

/// Milliseconds of `T12:30:00Z`.
std::optional<std::int64_t> parse_clock_ms(std::string_view text) {
  if (text.size() != 10 || text[0] != 'T' || text[3] != ':' || text[6] != ':'
      || text[9] != 'Z') {
    return std::nullopt;
  }
  auto hours = digits<std::int64_t>(text.substr(1, 2));
  auto minutes = digits<std::int64_t>(text.substr(4, 2));
  auto seconds = digits<std::int64_t>(text.substr(7, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59
      || *seconds > 59) {
    return std::nullopt;
  }
  return ((*hours * 60 + *minutes) * 60 + *seconds) * 1'000;
}

} // namespace

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  auto unit = unit_ms(text.back());
  text.remove_suffix(1);
  auto count = digits<std::int64_t>(text);
  if (!unit || !count || *count > duration_days_max * 86'400'000 / *unit) {
    return std::nullopt;
  }
  return *count * *unit;
}

std::optional<moment> parse_moment(std::string_view text) {
  if (auto ms = parse_duration_ms(text)) {
    return moment{true, *ms};
  }
  auto day = parse_day(text.substr(0, 10));
  if (!day) {
    return std::nullopt;
  }
  std::optional<std::int64_t> clock_ms =
      text.size() == 10 ? 0 : parse_clock_ms(text.substr(10));
  if (!clock_ms) {
    return std::nullopt;
  }
  return moment{false, *day * 86'400'000 + *clock_ms};
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  return digits<std::uint64_t>(text);
}

std::optional<problem> run_name_fault(std::string_view name,
                                      std::string_view example) {
  if (name == "last") {
    return std::nullopt;
  }
  bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
           || (c >= 'a' && c <= 'z');
  });
  auto hint = "brigade runs lists them; 'last' is the newest, for example: "
              + std::string{example};
  if (!plain || name.size() > run_name_max) {
    return problem{in_quotes(name) + " is not the id of a run",
                   std::move(hint)};
  }
  if (name.size() < run_prefix_min) {
    return problem{in_quotes(name)
                       + " is too short for the id of a run: at "
                         "least 6 characters",
                   std::move(hint)};
  }
  return std::nullopt;
}

std::optional<problem> take_run_name(std::vector<std::string>& words,
                                     std::string_view command,
                                     std::string& run) {
  auto example = "brigade " + std::string{command} + " last";
  if (words.empty()) {
    return problem{"no run was named",
                   "brigade runs lists them; for example: " + example};
  }
  if (auto fault = run_name_fault(words.front(), example)) {
    return fault;
  }
  run = std::move(words.front());
  words.erase(words.begin());
  return std::nullopt;
}

std::optional<problem> set_fault(const std::string& set) {
  auto equals = set.find('=');
  if (equals == std::string::npos || equals == 0) {
    return problem{"--set " + in_quotes(set) + " is not KEY=VALUE",
                   "for example: --set limits.tasks_max=4"};
  }
  return std::nullopt;
}

void take_output(std::string& output) {
  if (output == "-") {
    output.clear();
  }
}

std::optional<problem> take_cost(const std::string& text,
                                 std::optional<core::pico_usd>& cost) {
  if (text.empty()) {
    return std::nullopt;
  }
  cost = core::parse_usd(text);
  if (!cost) {
    return problem{"--max-cost " + in_quotes(text)
                       + " is not an amount in dollars",
                   "for example: --max-cost 0.25"};
  }
  return std::nullopt;
}

std::optional<problem> sets_fault(const std::vector<std::string>& sets) {
  for (const auto& set : sets) {
    if (auto fault = set_fault(set)) {
      return fault;
    }
  }
  return std::nullopt;
}

} // namespace brigade::app
