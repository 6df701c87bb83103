// The JSON form of events. What an event holds stands in event_fields.hpp;
// here stands how each kind of value is written and read.

#include "brigade/core/run/event_fields.hpp"

#include <boost/json.hpp>

#include <concepts>
#include <limits>
#include <utility>

namespace brigade::core {

namespace {

namespace json = boost::json;

/// Types with a list of fields.
template <class T>
concept structure = requires {
  sizeof(fields<T>);
};

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

std::optional<call_role> parse(std::string_view text, call_role) {
  return parse_call_role(text);
}

std::optional<outcome_code> parse(std::string_view text, outcome_code) {
  return parse_outcome_code(text);
}

std::optional<money_rule> parse(std::string_view text, money_rule) {
  return parse_money_rule(text);
}

std::optional<finish_reason> parse(std::string_view text, finish_reason) {
  return parse_finish_reason(text);
}

std::optional<run_status> parse(std::string_view text, run_status) {
  return parse_run_status(text);
}

std::optional<failure_policy> parse(std::string_view text, failure_policy) {
  return parse_failure_policy(text);
}

/// Enumerations with a stable text form.
template <class T>
concept named = requires(T x) {
  parse(std::string_view{}, x);
};

// -- writing ------------------------------------------------------------------

struct writer {
  json::object out;

  template <class T>
  void operator()(std::string_view name, const T& x) {
    out.emplace(name, write(x));
  }

  static json::value write(const std::string& x) { return json::string{x}; }

  static json::value write(const shared_text& x) {
    return json::string{x.str()};
  }

  static json::value write(bool x) { return x; }

  static json::value write(integer auto x) { return x; }

  static json::value write(call_id x) { return static_cast<std::uint64_t>(x); }

  static json::value write(pico_usd x) { return json::string{to_decimal(x)}; }

  static json::value write(const input_range& x) {
    return json::string{to_string(x)};
  }

  static json::value write(named auto x) { return json::string{to_string(x)}; }

  template <class T>
  static json::value write(const std::optional<T>& x) {
    return x ? write(*x) : json::value(nullptr);
  }

  template <class T>
  static json::value write(const std::shared_ptr<const T>& x) {
    return x ? write(*x) : json::value(nullptr);
  }

  template <class T>
  static json::value write(const std::vector<T>& xs) {
    json::array result;
    result.reserve(xs.size());
    for (const auto& x : xs)
      result.push_back(write(x));
    return result;
  }

  template <structure T>
  static json::value write(const T& x) {
    writer inner;
    fields<T>::visit(inner, x);
    return std::move(inner.out);
  }
};

// -- reading ------------------------------------------------------------------

struct reader {
  const json::object& in;
  std::size_t fields_read = 0;
  bool ok = true;

  template <class T>
  void operator()(std::string_view name, T& x) {
    const auto* value = ok ? in.if_contains(name) : nullptr;
    ok = value != nullptr && read(*value, x);
    ++fields_read;
  }

  static bool read(const json::value& from, std::string& x) {
    const auto* text = from.if_string();
    if (text)
      x = *text;
    return text != nullptr;
  }

  static bool read(const json::value& from, shared_text& x) {
    std::string text;
    if (!read(from, text))
      return false;
    if (!text.empty())
      x = shared_text{std::move(text)};
    return true;
  }

  static bool read(const json::value& from, bool& x) {
    const auto* value = from.if_bool();
    if (value)
      x = *value;
    return value != nullptr;
  }

  /// Doubles are refused even when they are whole: they are not exact.
  static bool read(const json::value& from, integer auto& x) {
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

  static bool read(const json::value& from, call_id& x) {
    std::uint64_t value = 0;
    const bool result = read(from, value);
    x = call_id{value};
    return result;
  }

  /// Only the text that `to_decimal` writes.
  static bool read(const json::value& from, pico_usd& x) {
    const auto* text = from.if_string();
    const auto amount = text ? parse_usd(*text) : std::nullopt;
    if (!amount || to_decimal(*amount) != std::string_view{*text})
      return false;
    x = *amount;
    return true;
  }

  static bool read(const json::value& from, input_range& x) {
    const auto* text = from.if_string();
    auto range = text ? parse_input_range(*text) : std::nullopt;
    if (!range || to_string(*range) != std::string_view{*text})
      return false;
    x = std::move(*range);
    return true;
  }

  static bool read(const json::value& from, named auto& x) {
    const auto* text = from.if_string();
    const auto value = text ? parse(std::string_view{*text}, x) : std::nullopt;
    if (value)
      x = *value;
    return value.has_value();
  }

  template <class T>
  static bool read(const json::value& from, std::optional<T>& x) {
    if (from.is_null())
      return true;
    return read(from, x.emplace());
  }

  template <class T>
  static bool read(const json::value& from, std::shared_ptr<const T>& x) {
    auto value = std::make_shared<T>();
    const bool result = read(from, *value);
    x = std::move(value);
    return result;
  }

  template <class T>
  static bool read(const json::value& from, std::vector<T>& xs) {
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
  static bool read(const json::value& from, T& x) {
    const auto* object = from.if_object();
    if (!object)
      return false;
    reader inner{*object};
    fields<T>::visit(inner, x);
    return inner.ok && inner.fields_read == object->size();
  }
};

/// Reads the alternative of that name, if there is one.
template <std::size_t I = 0>
bool read_body(std::string_view name, const json::value& data,
               event_body& body) {
  if constexpr (I == std::variant_size_v<event_body>) {
    return false;
  } else {
    if (name != std::variant_alternative_t<I, event_body>::name)
      return read_body<I + 1>(name, data, body);
    return reader::read(data, body.emplace<I>());
  }
}

} // namespace

boost::json::value to_json(const event& e) {
  return {
      {"seq", e.seq},
      {"wall_ms", e.wall_ms},
      {"at_ms", e.at_ms},
      {"type", event_name(e.body)},
      {"data", std::visit([](const auto& body) { return writer::write(body); },
                          e.body)}};
}

std::optional<event> event_from_json(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (!object)
    return std::nullopt;
  event result;
  std::string type;
  const auto* data = object->if_contains("data");
  reader head{*object};
  head("seq", result.seq);
  head("wall_ms", result.wall_ms);
  head("at_ms", result.at_ms);
  head("type", type);
  if (!head.ok || !data || object->size() != head.fields_read + 1
      || !read_body(type, *data, result.body))
    return std::nullopt;
  return result;
}

} // namespace brigade::core
