#include "brigade/app/pretty_json.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace brigade::app {

namespace {

bool is_flat(const boost::json::value& value) {
  if (const auto* array = value.if_array()) {
    return std::ranges::all_of(
        *array, [](const auto& item) { return !item.is_structured(); });
  }
  const auto* object = value.if_object();
  return object == nullptr || object->empty();
}

void line_end(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(depth * 2, ' ');
}

void append(std::string& out, const boost::json::value& value,
            std::size_t depth);

void append_flat(std::string& out, const boost::json::value& value) {
  const auto* array = value.if_array();
  if (array == nullptr) {
    out += boost::json::serialize(value);
    return;
  }
  const char* separator = "[";
  for (const auto& item : *array) {
    out += separator;
    out += boost::json::serialize(item);
    separator = ", ";
  }
  out += array->empty() ? "[]" : "]";
}

void append(std::string& out, const boost::json::value& value,
            std::size_t depth) {
  if (is_flat(value)) {
    append_flat(out, value);
    return;
  }
  char separator = value.is_array() ? '[' : '{';
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) {
      out += separator;
      line_end(out, depth + 1);
      append(out, item, depth + 1);
      separator = ',';
    }
  } else {
    for (const auto& [key, item] : value.get_object()) {
      out += separator;
      line_end(out, depth + 1);
      out += boost::json::serialize(boost::json::string_view{key});
      out += ": ";
      append(out, item, depth + 1);
      separator = ',';
    }
  }
  line_end(out, depth);
  out += value.is_array() ? ']' : '}';
}

} // namespace

std::string pretty_json(const boost::json::value& value) {
  std::string out;
  append(out, value, 0);
  out += '\n';
  return out;
}

} // namespace brigade::app
