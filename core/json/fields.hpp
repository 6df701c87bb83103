/// Lists of fields: each value that has a JSON form names its members once, and
/// writers and readers walk that list, so that they cannot differ.
///
/// INTERNAL: included by the lists of fields and by what walks them.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace brigade::core {

/// `fields<T>::visit(v, x)` calls `v(name, member)` for each member of `x`,
/// which is a `T` or a `const T`.
template <class T>
struct fields;

namespace json_fields {

/// How a value that is one text is written and read: `to(x)` and `from(text)`,
/// which returns nothing for a text that is none.
template <class T>
struct text_form;

/// The form of an enumeration that has `to_string` and a parser.
template <class T, std::optional<T> (*Parse)(std::string_view)>
struct parsed_form {
  static std::optional<T> from(std::string_view text) { return Parse(text); }
  static auto to(const T& x) { return to_string(x); }
};

/// Enumerations that are numbers with a type of their own.
template <class T>
inline constexpr bool is_number_name = false;

/// Structures to which a null pointer may point.
template <class T>
inline constexpr bool may_be_null = false;

template <class T>
concept structure = requires {
  sizeof(fields<T>);
};

template <class T>
concept has_text_form = requires {
  sizeof(text_form<T>);
};

template <class T>
concept number_name = std::is_enum_v<T> && is_number_name<T>;

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

/// An immutable text that is shared, such as `shared_text`.
template <class T>
concept text_holder = requires(const T& x) {
  { x.view() } -> std::same_as<std::string_view>;
  T{std::string{}};
};

} // namespace json_fields

} // namespace brigade::core
