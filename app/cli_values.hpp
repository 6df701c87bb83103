/// Values of options: amounts, times, counts, names of runs. Pure.
#pragma once

#include "brigade/app/cli.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brigade::app {

/// `90s`, `15m`, `24h`, `7d`, `2w` in ms; nothing for anything else or for more
/// than `duration_days_max` days.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);

/// A hundred years.
inline constexpr std::int64_t duration_days_max = 36'500;

/// A duration (so long ago), a date `2026-11-01` (its first moment in UTC) or a
/// time `2026-11-01T12:30:00Z`.
std::optional<moment> parse_moment(std::string_view text);

/// Digits only, and within the type.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// What is wrong with the name of a run; nothing when it is `last` or at least
/// 6 letters and digits. `example` is a whole command.
std::optional<problem> run_name_fault(std::string_view name,
                                      std::string_view example);

/// Takes the one word of a command that names a run out of `words`.
std::optional<problem> take_run_name(std::vector<std::string>& words,
                                     std::string_view command,
                                     std::string& run);

/// What is wrong with a `--set`.
std::optional<problem> set_fault(const std::string& set);

/// The first thing that is wrong with any of them.
std::optional<problem> sets_fault(const std::vector<std::string>& sets);

/// `-o -` is stdout, which an empty name stands for.
void take_output(std::string& output);

/// Reads `--max-cost`; an empty text is no amount.
std::optional<problem> take_cost(const std::string& text,
                                 std::optional<core::pico_usd>& cost);

} // namespace brigade::app
