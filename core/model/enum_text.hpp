/// Enumerations whose text forms are stable, each with one table of names in
/// the order of its enumerators.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace brigade::core {

/// The name of an enumerator, or empty when the value is none of them.
template <class Enum, std::size_t N>
constexpr std::string_view
enum_text(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view{};
}

/// The enumerator with exactly this name, or nothing.
template <class Enum, std::size_t N>
constexpr std::optional<Enum>
parse_enum(const std::array<std::string_view, N>& names,
           std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text)
      return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace brigade::core
