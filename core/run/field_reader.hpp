/// Reads values from JSON by lists of fields (`fields<T>`).
///
/// INTERNAL: included by the sources that read a JSON form.
#pragma once

#include "brigade/core/model/model.hpp"
#include "brigade/core/run/event.hpp"
#include "brigade/core/run/event_fields.hpp"

#include <boost/json.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brigade::core::json_fields {

namespace json = boost::json;

/// Types with a list of fields.
template <class T>
concept structure = requires {
  sizeof(fields<T>);
};

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

inline std::optional<call_role> parse(std::string_view text, call_role) {
  return parse_call_role(text);
}

inline std::optional<outcome_code> parse(std::string_view text, outcome_code) {
  return parse_outcome_code(text);
}

inline std::optional<money_rule> parse(std::string_view text, money_rule) {
  return parse_money_rule(text);
}

inline std::optional<finish_reason> parse(std::string_view text,
                                          finish_reason) {
  return parse_finish_reason(text);
}

inline std::optional<run_status> parse(std::string_view text, run_status) {
  return parse_run_status(text);
}

inline std::optional<failure_policy> parse(std::string_view text,
                                           failure_policy) {
  return parse_failure_policy(text);
}

/// Enumerations with a stable text form.
template <class T>
concept named = requires(T x) {
  parse(std::string_view{}, x);
};

// -- reading ------------------------------------------------------------------

struct reader {
  const json::object& in;
  /// A member that is missing keeps its default.
  bool lenient = false;
  std::size_t fields_read = 0;
  bool ok = true;

  template <class T>
  void operator()(std::string_view name, T& x) {
    const auto* value = ok ? in.if_contains(name) : nullptr;
    if (ok && !value && lenient)
      return;
    ok = value != nullptr && read(*value, x);
    ++fields_read;
  }

  bool read(const json::value& from, std::string& x) {
    const auto* text = from.if_string();
    if (text)
      x = *text;
    return text != nullptr;
  }

  bool read(const json::value& from, shared_text& x) {
    std::string text;
    if (!read(from, text))
      return false;
    if (!text.empty())
      x = shared_text{std::move(text)};
    return true;
  }

  bool read(const json::value& from, bool& x) {
    const auto* value = from.if_bool();
    if (value)
      x = *value;
    return value != nullptr;
  }

  /// Doubles are refused even when they are whole: they are not exact.
  bool read(const json::value& from, integer auto& x) {
    using limits = std::numeric_limits<std::remove_cvref_t<decltype(x)>>;
    const auto assign = [&x](auto value) {
      if (std::cmp_less(value, limits::min())
          || std::cmp_greater(value, limits::max()))
        return false;
      x = static_cast<std::remove_cvref_t<decltype(x)>>(value);
      return true;
    };
    if (const auto* value = from.if_int64())
      return assign(*value);
    const auto* value = from.if_uint64();
    return value && assign(*value);
  }

  bool read(const json::value& from, call_id& x) {
    std::uint64_t value = 0;
    const bool result = read(from, value);
    x = call_id{value};
    return result;
  }

  /// Only the text that `to_decimal` writes.
  bool read(const json::value& from, pico_usd& x) {
    const auto* text = from.if_string();
    const auto amount = text ? parse_usd(*text) : std::nullopt;
    if (!amount || to_decimal(*amount) != std::string_view{*text})
      return false;
    x = *amount;
    return true;
  }

  bool read(const json::value& from, input_range& x) {
    const auto* text = from.if_string();
    auto range = text ? parse_input_range(*text) : std::nullopt;
    if (!range || to_string(*range) != std::string_view{*text})
      return false;
    x = std::move(*range);
    return true;
  }

  bool read(const json::value& from, named auto& x) {
    const auto* text = from.if_string();
    const auto value = text ? parse(std::string_view{*text}, x) : std::nullopt;
    if (value)
      x = *value;
    return value.has_value();
  }

  template <class T>
  bool read(const json::value& from, std::optional<T>& x) {
    if (from.is_null())
      return true;
    return read(from, x.emplace());
  }

  template <class T>
  bool read(const json::value& from, std::shared_ptr<const T>& x) {
    auto value = std::make_shared<T>();
    const bool result = read(from, *value);
    x = std::move(value);
    return result;
  }

  template <class T>
  bool read(const json::value& from, std::vector<T>& xs) {
    const auto* array = from.if_array();
    if (!array)
      return false;
    xs.reserve(array->size());
    for (const auto& value : *array)
      if (!read(value, xs.emplace_back()))
        return false;
    return true;
  }

  template <structure T>
  bool read(const json::value& from, T& x) {
    const auto* object = from.if_object();
    if (!object)
      return false;
    reader inner{*object, lenient};
    fields<T>::visit(inner, x);
    return inner.ok && inner.fields_read == object->size();
  }
};

} // namespace brigade::core::json_fields
