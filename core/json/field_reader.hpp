/// Reads values from JSON by lists of fields (`fields<T>`), strictly: every
/// member, nothing else, integers exactly.
///
/// INTERNAL: included by the sources that read a JSON form.
#pragma once

#include "brigade/core/json/fields.hpp"
#include "brigade/core/json/read_fault.hpp"

#include <boost/json.hpp>

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

struct reader;

/// Reads the members of one object.
struct members_reader {
  reader& values;
  const json::object& in;
  std::size_t fields_read = 0;
  bool ok = true;

  template <class T>
  void operator()(std::string_view name, T& x);
};

/// Finds the first member of an object that no field is named after.
struct surplus_finder {
  const json::object& in;
  std::vector<std::string_view> names{};

  void operator()(std::string_view name, const auto&) { names.push_back(name); }

  std::string_view find() const {
    for (const auto& member : in) {
      const std::string_view key{member.key()};
      bool known = false;
      for (const auto name : names)
        known = known || name == key;
      if (!known)
        return key;
    }
    return {};
  }
};

struct reader {
  /// A member that is missing keeps its default.
  bool lenient = false;
  /// What went wrong; the pointer starts at the value given to `read`.
  read_fault fault{};

  bool fail(std::string message) {
    fault = {{}, std::move(message)};
    return false;
  }

  bool read(const json::value& from, std::string& x) {
    const auto* text = from.if_string();
    if (!text)
      return fail("must be a string");
    x = *text;
    return true;
  }

  template <text_holder T>
  bool read(const json::value& from, T& x) {
    std::string text;
    if (!read(from, text))
      return false;
    if (!text.empty())
      x = T{std::move(text)};
    return true;
  }

  bool read(const json::value& from, bool& x) {
    const auto* value = from.if_bool();
    if (!value)
      return fail("must be true or false");
    x = *value;
    return true;
  }

  /// Doubles are refused even when they are whole: they are not exact.
  bool read(const json::value& from, integer auto& x) {
    using number = std::remove_cvref_t<decltype(x)>;
    using limits = std::numeric_limits<number>;
    const auto assign = [&](auto value) {
      if (std::cmp_less(value, limits::min())
          || std::cmp_greater(value, limits::max()))
        return fail("is out of range");
      x = static_cast<number>(value);
      return true;
    };
    if (const auto* value = from.if_int64())
      return assign(*value);
    if (const auto* value = from.if_uint64())
      return assign(*value);
    return fail("must be a whole number");
  }

  bool read(const json::value& from, number_name auto& x) {
    using name = std::remove_cvref_t<decltype(x)>;
    std::underlying_type_t<name> value{};
    if (!read(from, value))
      return false;
    x = name{value};
    return true;
  }

  /// Only the text that its form writes.
  bool read(const json::value& from, has_text_form auto& x) {
    using form = text_form<std::remove_cvref_t<decltype(x)>>;
    const auto* text = from.if_string();
    if (!text)
      return fail("must be a string");
    auto value = form::from(std::string_view{*text});
    if (!value || form::to(*value) != std::string_view{*text})
      return fail("is none of the values that it can have");
    x = std::move(*value);
    return true;
  }

  template <class T>
  bool read(const json::value& from, std::optional<T>& x) {
    if (from.is_null()) {
      x.reset();
      return true;
    }
    return read(from, x.emplace());
  }

  template <class T>
  bool read(const json::value& from, std::shared_ptr<const T>& x) {
    if (may_be_null<T> && from.is_null()) {
      x = nullptr;
      return true;
    }
    auto value = std::make_shared<T>();
    const bool result = read(from, *value);
    x = std::move(value);
    return result;
  }

  template <class T>
  bool read(const json::value& from, std::vector<T>& xs) {
    const auto* array = from.if_array();
    if (!array)
      return fail("must be an array");
    xs.clear();
    xs.reserve(array->size());
    for (const auto& value : *array)
      if (!read(value, xs.emplace_back())) {
        fault.within(xs.size() - 1);
        return false;
      }
    return true;
  }

  template <structure T>
  bool read(const json::value& from, T& x) {
    const auto* object = from.if_object();
    if (!object)
      return fail("must be an object");
    members_reader members{*this, *object};
    fields<T>::visit(members, x);
    if (members.ok && members.fields_read != object->size()) {
      surplus_finder surplus{*object};
      fields<T>::visit(surplus, std::as_const(x));
      return fail("has a member that is not known: "
                  + quoted_key(surplus.find()));
    }
    return members.ok;
  }
};

template <class T>
void members_reader::operator()(std::string_view name, T& x) {
  if (!ok)
    return;
  const auto* value = in.if_contains(name);
  if (!value && values.lenient)
    return;
  ++fields_read;
  ok = value ? values.read(*value, x) : values.fail("is missing");
  if (!ok)
    values.fault.within(name);
}

} // namespace brigade::core::json_fields
