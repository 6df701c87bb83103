// The JSON form of events. What an event holds stands in event_fields.hpp;
// here stands how each kind of value is written and read.

#include "brigade/core/json/field_reader.hpp"
#include "brigade/core/run/event_fields.hpp"

#include <utility>

namespace brigade::core {

namespace {

namespace json = boost::json;
using namespace json_fields;

// -- writing ------------------------------------------------------------------

struct writer {
  json::object out;

  template <class T>
  void operator()(std::string_view name, const T& x) {
    out.emplace(name, write(x));
  }

  static json::value write(const std::string& x) { return json::string{x}; }

  static json::value write(const text_holder auto& x) {
    return json::string{x.view()};
  }

  static json::value write(bool x) { return x; }

  static json::value write(integer auto x) { return x; }

  static json::value write(number_name auto x) {
    return static_cast<std::underlying_type_t<decltype(x)>>(x);
  }

  template <has_text_form T>
  static json::value write(const T& x) {
    return json::string{text_form<T>::to(x)};
  }

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

/// Reads the alternative of that name, if there is one.
template <std::size_t I = 0>
bool read_body(std::string_view name, const json::value& data, reader& values,
               event_body& body) {
  if constexpr (I == std::variant_size_v<event_body>) {
    values.fail("names no kind of event");
    values.fault.within("type");
    return false;
  } else {
    if (name != std::variant_alternative_t<I, event_body>::name)
      return read_body<I + 1>(name, data, values, body);
    if (values.read(data, body.emplace<I>()))
      return true;
    values.fault.within("data");
    return false;
  }
}

bool read_event(const json::value& from, reader& values, event& out) {
  const auto* object = from.if_object();
  if (!object)
    return values.fail("must be an object");
  std::string type;
  members_reader head{values, *object};
  head("seq", out.seq);
  head("wall_ms", out.wall_ms);
  head("at_ms", out.at_ms);
  head("type", type);
  if (!head.ok)
    return false;
  const auto* data = object->if_contains("data");
  if (!data)
    return values.fail("has no data");
  if (object->size() != head.fields_read + 1)
    return values.fail("has a member that is not known");
  return read_body(type, *data, values, out.body);
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

std::optional<event> event_from_json(const boost::json::value& json,
                                     read_fault* fault) {
  reader values;
  event result;
  if (read_event(json, values, result))
    return result;
  if (fault)
    *fault = std::move(values.fault);
  return std::nullopt;
}

} // namespace brigade::core
